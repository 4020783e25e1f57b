// SPDX-License-Identifier: Apache-2.0
// What Redis adds: it may go, come back, forget, and be told by others.
#include "queue/redis_queue.hpp"

#include <atomic>

#include "queue/queue_fixture.hpp"
#include "queue/redis_scripts.hpp"

namespace cad::queue {
namespace {

class RedisQueueTest : public QueueFixture {
 protected:
  void SetUp() override {
    if (!redis::can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
    ASSERT_TRUE(open(store::sqlite_implementation()));
    server_ = &redis::fresh_redis();
    client_ = std::make_unique<redis::Client>(server_->options());
    queue_ = make({1000, 0});
    upkeep(*queue_, 0);
  }
  std::unique_ptr<Queue> make(Options limits) {
    auto options = redis_options(limits);
    options.on_outage = [this](bool away, std::string_view) { ++(away ? outages_ : ends_); };
    return make_redis_queue(*database_, *client_, options);
  }
  RedisScripts scripts() { return RedisScripts(*client_, "cadlens:", "test"); }
  std::int64_t length(const std::string& key, const std::string& command) {
    return client_->run({command, "cadlens:queue:" + key}).value().integer;
  }

  redis::RedisServer* server_ = nullptr;
  std::atomic<int> outages_ = 0, ends_ = 0;
};

TEST_F(RedisQueueTest, what_waits_and_what_runs_is_in_redis_and_nothing_stays) {
  add("a", 1);
  add("b", 2);
  EXPECT_EQ(length("job", "HLEN"), 2);
  const auto taken = take(100);
  EXPECT_EQ(length("job", "HLEN"), 1);
  EXPECT_EQ(length("work", "XLEN"), 1);
  ASSERT_TRUE(queue_->renew("a", taken->lease, 200, 1000ms, 1, "x").value());
  EXPECT_EQ(length("work", "XLEN"), 1) << "a renewal is no second entry";
  ASSERT_TRUE(complete(*taken, 300, *queue_));
  ASSERT_TRUE(complete(*take(400), 500, *queue_));
  for (const char* hash : {"job", "run", "held", "last"}) EXPECT_EQ(length(hash, "HLEN"), 0);
  for (const char* set : {"ready", "later", "wait:acc"}) EXPECT_EQ(length(set, "ZCARD"), 0);
  EXPECT_EQ(length("work", "XLEN"), 0);
}

TEST_F(RedisQueueTest, a_flush_loses_nothing) {
  for (int i = 0; i < 20; ++i) add("a" + std::to_string(10 + i), i);
  const auto running = take(100);
  server_->tell("flush");
  EXPECT_EQ(take(100)->job.id, "a11") << "the database chooses until Redis knows again";
  upkeep(*queue_, 100);
  EXPECT_EQ(length("wait:acc", "ZCARD"), 18) << "offered anew, page by page";
  EXPECT_EQ(take(100)->job.id, "a12");
  ASSERT_TRUE(complete(*running, 200, *queue_));
}

TEST_F(RedisQueueTest, S18_after_a_flush_running_jobs_count_again_as_they_are_renewed) {
  queue_ = make({1000, 2});
  for (int i = 0; i < 5; ++i) add("a" + std::to_string(i), i);
  const auto one = take(100), two = take(100);
  server_->tell("flush");
  ASSERT_TRUE(queue_->renew("a0", one->lease, 110, 1000ms, 1, "x").value());
  ASSERT_TRUE(queue_->renew("a1", two->lease, 110, 1000ms, 1, "x").value());
  upkeep(*queue_, 110);
  EXPECT_FALSE(take(120));
  ASSERT_TRUE(complete(*one, 130, *queue_));
  EXPECT_EQ(take(140)->job.id, "a2");
}

TEST_F(RedisQueueTest, while_redis_is_away_work_goes_on_and_it_is_told_once) {
  redis::RedisServer own;
  client_ = std::make_unique<redis::Client>(own.options());
  queue_ = make({2, 3});
  upkeep(*queue_, 0);
  for (int i = 0; i < 3; ++i) add("a" + std::to_string(i), i);
  const auto before = take(100);
  own.tell("stop");
  for (int i = 3; i < 6; ++i) add("a" + std::to_string(i), i);
  const auto during = take(110);
  EXPECT_EQ(during->job.id, "a1");
  EXPECT_FALSE(take(110)) << "the limits hold as before";
  EXPECT_EQ(take(110, "another")->job.id, "a2");
  EXPECT_TRUE(queue_->renew("a0", before->lease, 120, 1000ms, 1, "x").value());
  EXPECT_EQ(upkeep(*queue_, 120), 0);
  EXPECT_TRUE(complete(*before, 130, *queue_));
  EXPECT_EQ(outages_, 1);
  own.tell("start");
  for (int i = 0; i < 500 && ends_ == 0; ++i) upkeep(*queue_, 130);
  EXPECT_EQ(ends_, 1);
  EXPECT_EQ(outages_, 1);
  upkeep(*queue_, 130);
  EXPECT_EQ(length("wait:acc", "ZCARD"), 3) << "what came meanwhile";
  ASSERT_TRUE(queue_->renew("a1", during->lease, 140, 1000ms, 1, "x").value());
  EXPECT_EQ(take(140, "third")->job.id, "a3");
}

TEST_F(RedisQueueTest, a_restart_that_keeps_the_data_keeps_the_queue) {
  redis::RedisServer own({"--append-only"});
  client_ = std::make_unique<redis::Client>(own.options());
  queue_ = make({1000, 0});
  upkeep(*queue_, 0);
  for (int i = 0; i < 3; ++i) add("a" + std::to_string(i), i);
  const auto taken = take(100);
  std::this_thread::sleep_for(1200ms);  // it is on the disk within a second
  own.tell("stop");
  own.tell("start");
  for (int i = 0; i < 500 && !client_->run({"PING"}); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(length("wait:acc", "ZCARD"), 2);
  EXPECT_EQ(take(110)->job.id, "a1");
  EXPECT_TRUE(complete(*taken, 120, *queue_));
}

TEST_F(RedisQueueTest, a_job_that_was_never_offered_is_found) {
  insert(job("lost", 10));
  EXPECT_FALSE(take(100));
  upkeep(*queue_, 100);
  EXPECT_EQ(take(100)->job.id, "lost");
}

// Its taker died between Redis and the database.
TEST_F(RedisQueueTest, an_entry_that_nobody_came_back_to_is_offered_again) {
  add("a", 1);
  ASSERT_TRUE(scripts().take(100, "dead", 0, {})->job);
  upkeep(*queue_, 110);
  EXPECT_FALSE(take(110));
  std::this_thread::sleep_for(60ms);  // the lease of entries
  upkeep(*queue_, 120);
  EXPECT_EQ(take(120)->job.id, "a");
  EXPECT_EQ(length("work", "XLEN"), 1);
}

TEST_F(RedisQueueTest, an_old_entry_of_a_job_that_runs_stays_its_runners) {
  add("a", 1);
  const auto taken = take(100);
  std::this_thread::sleep_for(60ms);
  upkeep(*queue_, 200);  // the row's lease is good until 1100
  EXPECT_EQ(stored("a").status, store::JobStatus::processing);
  EXPECT_EQ(length("work", "XLEN"), 1);
  EXPECT_TRUE(queue_->renew("a", taken->lease, 210, 1000ms, 1, "x").value());
  EXPECT_TRUE(complete(*taken, 220, *queue_));
  EXPECT_EQ(length("work", "XLEN"), 0);
}

TEST_F(RedisQueueTest, entries_of_jobs_that_ended_elsewhere_go) {
  add("a", 1);
  const auto taken = take(100);
  ASSERT_TRUE(store::JobRepository(*database_)
                  .complete("a", taken->lease.owner, taken->lease.attempt, {}, 110)
                  .value());
  std::this_thread::sleep_for(60ms);  // the runner was killed before it could say so
  upkeep(*queue_, 120);
  EXPECT_EQ(length("work", "XLEN"), 0);
  EXPECT_EQ(length("held", "HLEN"), 0);
}

TEST_F(RedisQueueTest, a_job_that_comes_wakes_runners_of_other_nodes) {
  const auto other = make({1, 0});
  const auto start = std::chrono::steady_clock::now();
  std::atomic<bool> woken = false;
  std::thread runner([&] {
    other->wait(20s);
    woken = true;
  });
  // The subscription takes a moment, and a message before it is lost.
  for (int i = 0; !woken && i < 1000; ++i) {
    add("a" + std::to_string(i), i);
    std::this_thread::sleep_for(10ms);
  }
  runner.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 15s);
}

TEST_F(RedisQueueTest, given_up_jobs_are_listed_with_the_reason) {
  add("a", 1);
  const auto taken = take(100);
  queue_->release("a", taken->lease, "PARSE_CRASHED");
  const auto dead = client_->run({"XRANGE", "cadlens:queue:dead", "-", "+"}).value();
  ASSERT_EQ(dead.items.size(), 1u);
  const auto& fields = dead.items[0].items[1].items;
  ASSERT_EQ(fields.size(), 6u);
  EXPECT_EQ(fields[1].text, "a");
  EXPECT_EQ(fields[3].text, "PARSE_CRASHED");
}

TEST_F(RedisQueueTest, consumers_of_processes_that_are_gone_are_forgotten) {
  add("a", 1);
  ASSERT_TRUE(complete(*take(100, "process 1"), 110, *queue_));
  add("b", 1);
  ASSERT_TRUE(take(100, "process 2"));
  ASSERT_TRUE(scripts().forget_consumers(0ms));
  const auto left = client_->run({"XINFO", "CONSUMERS", "cadlens:queue:work", "workers"}).value();
  ASSERT_EQ(left.items.size(), 1u);
  EXPECT_EQ(left.items[0].items[1].text, "process 2") << "it holds a job";
}

TEST_F(RedisQueueTest, a_flush_in_the_middle_of_a_walk_begins_it_anew) {
  auto script = scripts();
  EXPECT_TRUE(script.begin_walk().value());
  EXPECT_FALSE(script.begin_walk().value()) << "the same walk goes on";
  server_->tell("flush");
  ASSERT_TRUE(script.end_walk());
  EXPECT_FALSE(script.is_complete().value());
  EXPECT_TRUE(script.begin_walk().value());
  ASSERT_TRUE(script.end_walk());
  EXPECT_TRUE(script.is_complete().value());
}

}  // namespace
}  // namespace cad::queue
