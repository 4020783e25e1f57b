// SPDX-License-Identifier: Apache-2.0
// Who waits for a job hears of it, wherever it runs.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "jobs/event_hub.hpp"
#include "jobs/job_watch.hpp"
#include "jobs/jobs_fixture.hpp"
#include "jobs/redis_relay.hpp"
#include "redis/client.hpp"
#include "redis/testing/redis_server.hpp"

namespace cad::jobs {
namespace {

using namespace std::chrono_literals;

template <class Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

// Two nodes: jobs run on the first, somebody waits on the second.
class RelayTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!redis::can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
    server_ = &redis::fresh_redis();
    start(*server_);
  }
  void start(redis::RedisServer& server) {
    client_ = std::make_unique<redis::Client>(server.options());
    worker_relay_ = std::make_unique<RedisRelay>(worker_, *client_);
    api_relay_ = std::make_unique<RedisRelay>(api_, *client_);
    EXPECT_TRUE(soon([&] { return listeners("removed") == 2; }));
  }
  std::int64_t listeners(const std::string& channel) {
    // A message of another version: whoever gets it passes it over.
    return client_->run({"PUBLISH", "cadlens:events:" + channel, "test ?"})
        .value_or(redis::Reply{})
        .integer;
  }

  redis::RedisServer* server_ = nullptr;
  EventHub worker_, api_;
  std::unique_ptr<redis::Client> client_;
  std::unique_ptr<RedisRelay> worker_relay_, api_relay_;
};

TEST_F(RelayTest, changes_and_progress_reach_who_waits_on_another_node) {
  std::atomic<int> woken = 0;
  auto waiting = api_.subscribe("job_a", [&] { ++woken; });
  ASSERT_TRUE(soon([&] { return listeners("job:job_a") == 1; }));
  worker_.progress("job_a", {3, 40, "drawing sheets"});
  EXPECT_TRUE(soon([&] { return api_.latest("job_a").has_value(); }));
  EXPECT_EQ(api_.latest("job_a")->attempt, 3);
  EXPECT_EQ(api_.latest("job_a")->percent, 40);
  EXPECT_EQ(api_.latest("job_a")->phase, "drawing sheets");
  const int before = woken;
  worker_.changed("job_a");
  EXPECT_TRUE(soon([&] { return woken > before; }));
  EXPECT_FALSE(api_.latest("job_a"));
  worker_.progress("job_b", {1, 10, "reading"});
  waiting.reset();
  EXPECT_TRUE(soon([&] { return listeners("job:job_a") == 0; }));
  EXPECT_FALSE(api_.latest("job_b")) << "nobody waits for it";
}

TEST_F(RelayTest, a_subscription_that_takes_effect_wakes_as_something_may_have_been_missed) {
  std::atomic<int> woken = 0;
  const auto waiting = api_.subscribe("job_a", [&] { ++woken; });
  EXPECT_TRUE(soon([&] { return woken > 0; }));
}

TEST_F(RelayTest, S18_a_deleted_job_is_stopped_where_it_runs) {
  std::atomic<int> stopped = 0, woken = 0;
  worker_.on_removed([&](const std::string& id) { stopped += id == "job_a" ? 1 : 0; });
  const auto waiting = worker_.subscribe("job_a", [&] { ++woken; });
  api_.removed("job_a");
  EXPECT_TRUE(soon([&] { return stopped > 0; }));
  EXPECT_TRUE(soon([&] { return woken > 0; }));
}

TEST_F(RelayTest, after_an_outage_who_waits_is_woken_and_hears_again) {
  redis::RedisServer own;
  api_relay_.reset();
  worker_relay_.reset();
  start(own);
  std::atomic<int> woken = 0;
  const auto waiting = api_.subscribe("job_a", [&] { ++woken; });
  ASSERT_TRUE(soon([&] { return woken > 0; }));
  own.tell("stop");
  ASSERT_TRUE(soon([&] { return !api_relay_->is_connected(); }));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) worker_.changed("job_a");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s) << "nobody waits for Redis";
  const int before = woken;
  own.tell("start");
  EXPECT_TRUE(soon([&] { return woken > before; }));
}

TEST(Events, S22_who_is_told_of_deliveries_may_go_while_they_are_announced) {
  EventHub hub;
  std::atomic<int> calls = 0;
  auto listener = std::make_unique<std::atomic<int>>(0);
  hub.on_announced([&calls, there = listener.get()] {
    ++calls;
    ++*there;
    std::this_thread::sleep_for(5ms);
    ++*there;
  });
  std::jthread runner([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) hub.announced();
  });
  while (calls == 0) std::this_thread::yield();
  hub.on_announced(nullptr);
  EXPECT_EQ(*listener % 2, 0) << "no call is half done";
  listener.reset();
  const int before = calls;
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(calls, before);
}

TEST(Events, the_end_of_an_attempt_leaves_what_is_known_of_the_next) {
  EventHub hub;
  hub.progress("job_a", {2, 40, "reading"});
  hub.changed("job_a", 1);
  ASSERT_TRUE(hub.latest("job_a"));
  hub.changed("job_a", 2);
  EXPECT_FALSE(hub.latest("job_a"));
}

TEST_F(JobsTest, without_a_relay_the_database_tells_who_waits) {
  const auto id = submit(kDxf)->job.id;
  JobWatch watch(*database_, events_, [] { return 10'000ms; });
  std::atomic<int> woken = 0;
  const auto waiting = events_.subscribe(id, [&] { ++woken; });
  watch.look();
  EXPECT_EQ(woken, 1) << "it may have changed before";
  watch.look();
  EXPECT_EQ(woken, 1);
  const auto taken = queue_->take("elsewhere", now_, 1000ms).value();  // by another process
  watch.look();
  EXPECT_EQ(woken, 2);
  ASSERT_TRUE(queue_->renew(id, taken->lease, now_, 1000ms, 40, "drawing").value());
  watch.look();
  EXPECT_EQ(woken, 3);
  ASSERT_TRUE(services_->jobs().remove(id).value());
  watch.look();
  EXPECT_EQ(woken, 4);
  watch.look();
  EXPECT_EQ(woken, 4);
}

TEST_F(JobsTest, a_watch_looks_by_itself_and_at_any_number_of_jobs) {
  std::vector<std::shared_ptr<void>> handles;
  std::atomic<int> woken = 0;
  for (int i = 0; i < 250; ++i)
    handles.push_back(events_.subscribe("job_" + std::to_string(i), [&] { ++woken; }));
  const JobWatch watch(*database_, events_, [] { return 5ms; });
  EXPECT_TRUE(soon([&] { return woken == 250; }));
}

}  // namespace
}  // namespace cad::jobs
