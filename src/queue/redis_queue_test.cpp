// SPDX-License-Identifier: Apache-2.0
// What Redis adds: it may go, come back, forget, and be told by others.
#include "queue/redis_queue.hpp"

#include <atomic>

#include "queue/queue_fixture.hpp"
#include "queue/redis_scripts.hpp"
#include "store/testing/away_database.hpp"

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
  static std::string place(const std::string& key) {
    return "cadlens:" + std::string(RedisScripts::kPlace) + key;
  }
  RedisScripts scripts() { return RedisScripts(*client_, "cadlens:", "test"); }
  std::int64_t length(const std::string& key, const std::string& command) {
    return client_->run({command, place(key)}).value().integer;
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

// With a hundred nodes one job is none of most of them.
TEST_F(RedisQueueTest, a_job_wakes_few_of_many_nodes) {
  const auto other = make({1000, 0});
  const auto woken_by = [&](const std::string& message) {
    (void)client_->run({"PUBLISH", place("wake"), message});
    int woken = 0;
    for (auto start = std::chrono::steady_clock::now();; start = std::chrono::steady_clock::now()) {
      other->wait(200ms);
      if (std::chrono::steady_clock::now() - start >= 200ms) return woken;
      ++woken;
    }
  };
  // The subscription takes a moment.
  for (int i = 0; i < 1000 && woken_by("somebody 1 1") == 0; ++i) continue;
  EXPECT_EQ(woken_by("somebody 1000 2"), 1000);
  const int few = woken_by("somebody 1000 100");  // about 20
  EXPECT_GT(few, 2) << "two of a hundred are meant";
  EXPECT_LT(few, 70);
}

TEST_F(RedisQueueTest, who_comes_late_takes_nobodys_run_nor_place) {
  add("a", 1);
  const auto late = take(100);
  EXPECT_EQ(upkeep(*queue_, 1100), 1);
  queue_->release("a", late->lease);
  EXPECT_EQ(length("wait:acc", "ZCARD"), 1) << "it waits";
  const auto again = take(1200);  // the same owner
  ASSERT_TRUE(again);
  queue_->release("a", late->lease);
  EXPECT_FALSE(queue_->give_back("a", late->lease, 1300, 1300, false).value());
  ASSERT_TRUE(scripts().requeue({.id = "a", .account_id = "acc", .attempt = 1}, 1300));
  EXPECT_EQ(length("work", "XLEN"), 1) << "it runs";
  EXPECT_EQ(length("wait:acc", "ZCARD"), 0);
  ASSERT_TRUE(scripts().adopt(1300, late->lease, "a", "acc"));
  ASSERT_TRUE(complete(*again, 1400, *queue_));
  EXPECT_EQ(length("work", "XLEN"), 0);
  EXPECT_EQ(length("held", "HLEN"), 0);
}

TEST_F(RedisQueueTest, S18_a_late_release_does_not_make_room_for_one_more) {
  queue_ = make({1, 0});
  for (int i = 0; i < 3; ++i) add("a" + std::to_string(i), i);
  const auto late = take(100);
  EXPECT_EQ(upkeep(*queue_, 1100), 1);
  queue_->release("a0", late->lease);
  const auto again = take(1200);
  EXPECT_EQ(again->job.id, "a0");
  queue_->release("a0", late->lease);
  EXPECT_FALSE(take(1200));
}

// Redis was away while the job was taken and given back: it counts fewer attempts than the row.
TEST_F(RedisQueueTest, the_rows_attempt_is_the_one_that_counts) {
  add("a", 1);
  ASSERT_TRUE(database_->write("UPDATE jobs SET attempt = 7 WHERE id = 'a'", {}));
  const auto taken = take(100);
  EXPECT_EQ(taken->lease.attempt, 8);
  ASSERT_TRUE(complete(*taken, 200, *queue_));
  EXPECT_EQ(length("work", "XLEN"), 0);
}

TEST_F(RedisQueueTest, while_the_database_is_away_jobs_stay_and_nobody_is_woken_for_nothing) {
  const auto other = make({1, 0});
  store::AwayDatabase away(*database_);
  queue_ = make_redis_queue(away, *client_, redis_options({1, 0}));
  for (int i = 0; i < 20; ++i) add("a" + std::to_string(i), i);
  for (int i = 0; i < 5; ++i) {  // what was said of them
    other->wait(200ms);
    queue_->wait(10ms);
  }
  away.away = true;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(queue_->take("me", 100, 1000ms));
  const int asked = away.asked;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(queue_->take("me", 100, 1000ms).value());
  EXPECT_EQ(away.asked, asked) << "it is left alone for a while";
  EXPECT_EQ(length("later", "ZCARD"), 1);
  other->wait(1s);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 1s) << "woken for nothing";
  away.away = false;
  EXPECT_TRUE(queue_->take("me", 2000, 1000ms).value());
}

TEST_F(RedisQueueTest, consumers_of_processes_that_are_gone_are_forgotten) {
  add("a", 1);
  ASSERT_TRUE(complete(*take(100, "process 1"), 110, *queue_));
  add("b", 1);
  ASSERT_TRUE(take(100, "process 2"));
  ASSERT_TRUE(scripts().forget_consumers(0ms));
  const auto left = client_->run({"XINFO", "CONSUMERS", place("work"), "workers"}).value();
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
