// SPDX-License-Identifier: Apache-2.0
#include "app/sweeper.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <sstream>

#include "app/notifications.hpp"
#include "crypto/bytes.hpp"
#include "jobs/jobs_fixture.hpp"
#include "store/duties.hpp"

namespace cad::app {
namespace {

using namespace std::chrono_literals;

class SweeperTest : public jobs::JobsTest {
 protected:
  SweepLeftovers leftovers() {
    return [this] {
      ++asked_;
      return Result<std::size_t>(1);
    };
  }
  std::atomic<int> asked_ = 0;
};

TEST_F(SweeperTest, the_only_node_removes_at_once_what_the_one_before_it_left) {
  blobs_.put(jobs::upload_key("job_nobodys"), "x");
  const Sweeper sweeper(*services_, {"node", false}, {}, leftovers());
  EXPECT_TRUE(soon([&] { return asked_ == 1 && blobs_.count() == 0; }));
}

TEST_F(SweeperTest, of_many_nodes_the_one_whose_duty_it_is_sweeps_leftovers_too) {
  SweepTimes times;
  times.expired = 5ms;
  times.orphans = 20ms;
  ASSERT_TRUE(store::DutyRepository(*database_).take("sweep_orphans", "other", now_, now_ + 1000));
  const Sweeper sweeper(*services_, {"node", true}, times, leftovers());
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(asked_, 0) << "another's duty";
  now_ += 2000;
  EXPECT_TRUE(soon([&] { return asked_ > 1; }));
}

TEST_F(SweeperTest, S04_what_is_over_its_age_does_not_wait_for_a_walk_through_the_store) {
  std::atomic<bool> go = false;
  SweepTimes times;
  times.expired = 5ms;
  const Sweeper sweeper(*services_, {"node", false}, times, [&] {
    ++asked_;
    while (!go) std::this_thread::sleep_for(1ms);
    return Result<std::size_t>(0);
  });
  EXPECT_TRUE(soon([&] { return asked_ == 1; }));
  const auto id = submit(jobs::kDxf)->job.id;
  now_ += services_->settings.retention.count() + 1;
  EXPECT_TRUE(soon([&] { return blobs_.count() == 0 && !services_->jobs().find(id); }))
      << "while the walk goes on";
  go = true;
}

TEST_F(SweeperTest, a_walk_that_failed_is_not_said_to_be_done) {
  std::ostringstream told;
  log_->sinks() = {std::make_shared<spdlog::sinks::ostream_sink_mt>(told)};
  SweepTimes times;
  times.orphans = 5ms;
  {
    const Sweeper sweeper(*services_, {"node", false}, times, [this]() -> Result<std::size_t> {
      if (++asked_ == 1) return fail(ErrorCode::unavailable, "away");
      return 0;
    });
    EXPECT_TRUE(soon([&] { return asked_ > 2; }));
  }
  const std::string text = told.str();
  const auto failed = text.find("event=sweep_failed what=leftovers");
  ASSERT_NE(failed, std::string::npos) << text;
  EXPECT_GT(text.find("event=store_swept"), failed) << text;
  EXPECT_NE(text.find("event=store_swept"), std::string::npos) << text;
}

TEST_F(SweeperTest, a_stop_is_not_kept_waiting_by_a_sweep) {
  for (int i = 0; i < 50; ++i) blobs_.put(jobs::upload_key("job_" + std::to_string(i)), "x");
  SweepTimes times;
  times.expired = times.orphans = 1ms;
  times.of_many = {0ms, 600s};
  const auto begun = std::chrono::steady_clock::now();
  {
    const Sweeper sweeper(*services_, {"node", true}, times, leftovers());
    EXPECT_TRUE(soon([&] { return blobs_.pages > 0; }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);
  EXPECT_EQ(blobs_.count(), 50u);
}

// As when the API cannot start beside runners that are at work.
TEST_F(SweeperTest, S22_runners_may_outlive_who_tells_of_their_jobs) {
  Keys keys;
  keys.master = keys.signing = secrets::KeySource::fixed(
      secrets::KeyRing::of_one(crypto::as_bytes(crypto::random_key()).first<32>(), "test"));
  auto notifications = Notifications::make(*services_, Config{}, keys).value();
  std::jthread runner([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) events_.changed("job_a");
  });
  std::this_thread::sleep_for(10ms);
  notifications.reset();
  std::this_thread::sleep_for(10ms);
}

}  // namespace
}  // namespace cad::app
