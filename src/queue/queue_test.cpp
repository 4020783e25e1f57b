// SPDX-License-Identifier: Apache-2.0
// What every queue must do, on every database.
#include "queue/queue.hpp"

#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <mutex>
#include <random>

#include "queue/queue_fixture.hpp"
#include "store/testing/away_database.hpp"

namespace cad::queue {
namespace {

class QueueTest : public QueueFixture,
                  public testing::WithParamInterface<std::tuple<store::Implementation, bool>> {
 protected:
  void SetUp() override {
    if (std::get<1>(GetParam())) {
      if (!redis::can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
      client_ = std::make_unique<redis::Client>(redis::fresh_redis().options());
    }
    const bool opened = open(std::get<0>(GetParam()));
    if (missing_) GTEST_SKIP() << "There is no " << std::get<0>(GetParam()).name << ".";
    ASSERT_TRUE(opened);
    queue_ = make({1000, 0});
  }
  // The queue of one more node.
  std::unique_ptr<Queue> make(Options limits) {
    if (!client_) return make_database_queue(*database_, limits);
    auto queue = make_redis_queue(*database_, *client_, redis_options(limits));
    upkeep(*queue, 0);  // from here on Redis chooses
    return queue;
  }
};

// What is counted while jobs come and go may be off by them until the next count.
std::int64_t count_of(Queue& queue, std::int64_t expected) {
  for (int i = 0; i < 500 && queue.waiting().value() != expected; ++i)
    std::this_thread::sleep_for(10ms);
  return queue.waiting().value();
}

INSTANTIATE_TEST_SUITE_P(All, QueueTest, testing::Combine(store::every_database(), testing::Bool()),
                         [](const auto& chosen) {
                           return std::get<0>(chosen.param).name +
                                  (std::get<1>(chosen.param) ? "_redis" : "");
                         });

TEST_P(QueueTest, the_longest_waiting_job_is_taken_once) {
  add("job_b", 20);
  add("job_a", 10);
  EXPECT_EQ(count_of(*queue_, 2), 2);
  const auto first = take(100);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->job.id, "job_a");
  EXPECT_EQ(first->job.status, store::JobStatus::processing);
  EXPECT_EQ(first->job.started_at, 100);
  EXPECT_EQ(first->lease.attempt, 1);
  EXPECT_EQ(take(100)->job.id, "job_b");
  EXPECT_FALSE(take(100));
  EXPECT_EQ(count_of(*queue_, 0), 0);
}

TEST_P(QueueTest, a_renewed_lease_holds_and_an_expired_one_is_reclaimed) {
  add("job_a", 10);
  const auto taken = take(100);
  ASSERT_TRUE(taken);
  EXPECT_EQ(upkeep(*queue_, 1099), 0);
  EXPECT_TRUE(queue_->renew("job_a", taken->lease, 900, 1000ms, 40, "drawing").value());
  EXPECT_EQ(stored("job_a").progress, 40);
  EXPECT_EQ(upkeep(*queue_, 1899), 0);
  EXPECT_EQ(upkeep(*queue_, 1900), 1);
  EXPECT_EQ(stored("job_a").status, store::JobStatus::pending);
  EXPECT_FALSE(queue_->renew("job_a", taken->lease, 1901, 1000ms, 50, "drawing").value());

  const auto again = take(2000, "other");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->lease.attempt, 2);
  EXPECT_EQ(again->job.failures, 0) << "a lost runner is not the job's fault";
  EXPECT_FALSE(queue_->give_back("job_a", taken->lease, 2001, 2001, true).value());
  EXPECT_EQ(stored("job_a").status, store::JobStatus::processing);
  EXPECT_FALSE(complete(*taken, 2002, *queue_)) << "the first runner comes back from the dead";
  EXPECT_TRUE(complete(*again, 2003, *queue_));
}

TEST_P(QueueTest, a_job_given_back_waits_its_time_and_counts_its_failures) {
  add("job_a", 10);
  const auto taken = take(100);
  EXPECT_TRUE(queue_->give_back("job_a", taken->lease, 200, 500, true).value());
  EXPECT_EQ(count_of(*queue_, 1), 1);
  EXPECT_FALSE(take(499));
  const auto again = take(500);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->job.failures, 1);
  EXPECT_EQ(again->job.started_at, 100) << "the first start is the start";
}

TEST_P(QueueTest, a_start_reclaims_every_lease) {
  add("job_a", 10);
  ASSERT_TRUE(take(100));
  EXPECT_EQ(queue_->reclaim_all(101).value(), 1);
  EXPECT_TRUE(take(101));
}

TEST_P(QueueTest, a_deleted_job_loses_its_lease_and_is_not_taken) {
  add("job_a", 10);
  add("job_b", 11);
  add("job_c", 12);
  const auto taken = take(100);
  ASSERT_TRUE(store::JobRepository(*database_).remove("job_a").value());
  ASSERT_TRUE(store::JobRepository(*database_).remove("job_b").value());
  EXPECT_FALSE(queue_->renew("job_a", taken->lease, 101, 1000ms, 1, "x").value());
  EXPECT_EQ(take(102)->job.id, "job_c");
}

TEST_P(QueueTest, takers_on_two_nodes_never_get_the_same_job) {
  for (int i = 0; i < 40; ++i) add("job_" + std::to_string(i), i);
  const auto other = make({1000, 0});
  Queue* queues[] = {queue_.get(), other.get(), queue_.get()};
  std::vector<std::string> seen[3];
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      while (auto taken = queues[t]->take("owner " + std::to_string(t), 100, 1000ms).value())
        seen[t].push_back(taken->job.id);
    });
  for (auto& thread : threads) thread.join();
  std::vector<std::string> all;
  for (const auto& some : seen) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), 40u);
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST_P(QueueTest, S18_an_account_never_holds_all_runners) {
  queue_ = make({2, 0});
  for (int i = 0; i < 5; ++i) add("a" + std::to_string(i), i);
  EXPECT_EQ(in_order(*queue_, 3), "a0 a1 -") << "the third of three runners is for the others";
  add("b", 100, "other");
  EXPECT_EQ(in_order(*queue_, 2), "b -");
  EXPECT_EQ(queue_->take("another process", 1000, 1000ms).value()->job.id, "a2");
}

TEST_P(QueueTest, S18_an_account_holds_no_more_than_its_share_of_all_nodes) {
  queue_ = make({2, 3});
  const auto other = make({2, 3});
  for (int i = 0; i < 9; ++i) add("a" + std::to_string(i), i);
  EXPECT_EQ(in_order(*queue_, 3, "one"), "a0 a1 -");
  EXPECT_EQ(in_order(*other, 2, "two"), "a2 -") << "three is what all may hold";
  add("b", 100, "other");
  EXPECT_EQ(in_order(*other, 1, "two"), "b");
}

// What one thread has chosen and not claimed yet counts for the others.
TEST_P(QueueTest, S18_threads_that_take_at_once_keep_to_an_accounts_share) {
  queue_ = make({2, 3});
  const auto other = make({2, 3});
  for (int i = 0; i < 60; ++i) add("a" + std::to_string(i), i);
  for (int round = 0; round < 5; ++round) {
    constexpr int kThreads = 8;
    std::latch start(kThreads);
    std::mutex mutex;
    std::vector<Taken> taken;
    std::map<std::string, int> by_owner;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        Queue& queue = t % 2 == 0 ? *queue_ : *other;
        const std::string owner = t % 2 == 0 ? "one" : "two";
        start.arrive_and_wait();
        auto mine = queue.take(owner, 1000, 1000ms).value();
        const std::lock_guard lock(mutex);
        if (!mine) return;
        ++by_owner[owner];
        taken.push_back(std::move(*mine));
      });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(taken.size(), 3u) << round;
    EXPECT_LE(std::max(by_owner["one"], by_owner["two"]), 2) << round;
    for (const Taken& one : taken)
      EXPECT_TRUE(complete(one, 1001, one.lease.owner == "one" ? *queue_ : *other));
  }
}

TEST_P(QueueTest, S18_a_finished_job_makes_room_for_the_accounts_next) {
  queue_ = make({1, 1});
  for (int i = 0; i < 2; ++i) add("a" + std::to_string(i), i);
  const auto first = take(1000);
  EXPECT_FALSE(take(1000));
  ASSERT_TRUE(complete(*first, 1001, *queue_));
  EXPECT_EQ(take(1001)->job.id, "a1");
}

TEST_P(QueueTest, S18_accounts_take_turns_whatever_the_length_of_a_backlog) {
  for (int i = 0; i < 500; ++i) add("a" + std::to_string(1000 + i), 1);
  for (int i = 0; i < 3; ++i) add("b" + std::to_string(i), 500 + i, "other");
  add("c", 900, "third");
  EXPECT_EQ(in_order(*queue_, 7), "a1000 b0 c a1001 b1 a1002 b2");
}

// Two nodes with few runners: what counts is what an account holds everywhere.
TEST_P(QueueTest, S18_turns_are_fair_across_nodes) {
  const auto other = make({1000, 0});
  for (int i = 0; i < 9; ++i) add("a" + std::to_string(i), 1);
  for (int i = 0; i < 9; ++i) add("b" + std::to_string(i), 2, "other");
  EXPECT_EQ(in_order(*queue_, 1, "one"), "a0");
  EXPECT_EQ(in_order(*other, 2, "two"), "b0 a1");
  EXPECT_EQ(in_order(*queue_, 2, "one"), "b1 a2");
}

// One runner at a time: each is done before the next is taken, so nobody holds anything.
TEST_P(QueueTest, S18_one_job_among_a_backlog_waits_for_one_turn_only) {
  for (int i = 0; i < 50; ++i) add("a" + std::to_string(10 + i), 1);
  for (int i = 0; i < 50; ++i) add("b" + std::to_string(10 + i), 2, "other");
  std::string names;
  for (store::UnixMs now = 1000; now < 1060; now += 10) {
    if (now == 1030) add("c", now - 5, "third");
    const auto taken = take(now);
    names += taken->job.id + " ";
    ASSERT_TRUE(complete(*taken, now, *queue_));
  }
  EXPECT_EQ(names, "a10 b10 a11 b11 a12 c ");
}

TEST_P(QueueTest, S18_a_job_that_waits_for_its_time_takes_nobodys_turn) {
  add("a", 1);
  ASSERT_TRUE(queue_->give_back("a", take(1000)->lease, 1000, 5000, true).value());
  add("b", 900, "other");
  EXPECT_EQ(in_order(*queue_, 2), "b -");
  EXPECT_EQ(in_order(*queue_, 1, "me", 5000), "a");
}

store::Job of_class(store::Job job, std::int64_t size, bool sync) {
  job.turn_at = turn_of(job.created_at, size, sync);
  return job;
}

TEST_P(QueueTest, S18_sync_jobs_come_first_then_small_ones_and_nothing_starves) {
  constexpr store::UnixMs kStart = 1'700'000'000'000;
  add(of_class(job("large", kStart), 50'000'000, false));
  add(of_class(job("small", kStart + 1), 50'000, false));
  add(of_class(job("sync", kStart + 2), 5'000'000, true));
  EXPECT_EQ(in_order(*queue_, 3, "me", kStart + 3), "sync small large");
  // What has waited as long as its class stands behind is overtaken no more.
  add(of_class(job("old", kStart), 50'000'000, false));
  add(of_class(job("new", kStart + kOthersBehind + 1), 5'000'000, true));
  add(of_class(job("small too", kStart + kOthersBehind - kSmallBehind - 1), 1'000, false));
  EXPECT_EQ(in_order(*queue_, 3, "me", kStart + kOthersBehind + 2), "small too old new");
}

TEST_P(QueueTest, S22_what_is_taken_says_whether_anybody_is_to_be_told) {
  add("quiet", 1);
  store::Job hooked = job("hooked", 2), mailed = job("mailed", 3);
  hooked.webhook_url = "https://hooks.example/a";
  mailed.notify_email = "a@mail.example";
  add(hooked);
  add(mailed);
  const auto taken = take(1000);
  EXPECT_FALSE(taken->has_receivers);
  EXPECT_TRUE(take(1000)->has_receivers);
  EXPECT_TRUE(take(1000)->has_receivers) << "at its end";
  // Not asked a second time: there may be some by now.
  ASSERT_TRUE(queue_->give_back("quiet", taken->lease, 1000, 1000, true).value());
  EXPECT_TRUE(take(2000)->has_receivers);
}

TEST_P(QueueTest, a_burst_of_notices_wakes_each_runner_once) {
  queue_ = make({1, 0});
  for (int i = 0; i < 100; ++i) add("a" + std::to_string(i), i);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) queue_->wait(10s);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  queue_->wait(50ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
}

TEST_P(QueueTest, a_notice_before_the_wait_is_not_lost_and_close_wakes_all) {
  add("a", 1);
  const auto start = std::chrono::steady_clock::now();
  queue_->wait(10s);
  std::thread waiter([this] { queue_->wait(10s); });
  queue_->close();
  waiter.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_P(QueueTest, how_many_wait_is_known_of_other_nodes_too) {
  const auto other = make({1000, 0});
  EXPECT_EQ(other->waiting().value(), 0);
  for (int i = 0; i < 30; ++i) add("job_" + std::to_string(i), i);
  EXPECT_EQ(count_of(*queue_, 30), 30);
  EXPECT_EQ(count_of(*other, 30), 30);
}

TEST_P(QueueTest, a_count_that_failed_is_not_kept) {
  store::AwayDatabase away(*database_);
  const auto counting = make_database_queue(away, {1000, 0});
  away.away = true;
  EXPECT_EQ(counting->waiting().error().code, ErrorCode::unavailable);
  away.away = false;
  EXPECT_EQ(counting->waiting().value_or(-1), 0);
}

// Nodes that die with jobs in their hands, time and again, on a real clock.
class Storm {
 public:
  explicit Storm(store::Database& database) : database_(database) {}

  void run_node(Queue& queue, int number) {
    std::mt19937 random(static_cast<unsigned>(number));
    int life = 0;
    while (!over_) {
      const std::string owner = "node " + std::to_string(number) + " life " + std::to_string(life);
      const auto taken = queue.take(owner, now(), 120ms);
      (void)queue.upkeep(now());
      if (!taken || !*taken) {
        std::this_thread::sleep_for(5ms);
        continue;
      }
      if (random() % 4 == 0) {  // dies; the lease runs out
        ++life;
        continue;
      }
      if (random() % 6 == 0) {
        (void)queue.give_back((*taken)->job.id, (*taken)->lease, now(), now() + 10, false);
        continue;
      }
      finish(queue, **taken, random() % 8 == 0);
    }
  }

  std::size_t completed() {
    const std::lock_guard lock(mutex_);
    return times_.size();
  }
  int most_times() {
    const std::lock_guard lock(mutex_);
    int most = 0;
    for (const auto& [id, times] : times_) most = std::max(most, times);
    return most;
  }
  void end() { over_ = true; }
  static store::UnixMs now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

 private:
  void finish(Queue& queue, const Taken& taken, bool slow) {
    if (slow) std::this_thread::sleep_for(200ms);  // longer than the lease: paused, not dead
    const auto done = store::JobRepository(database_).complete(taken.job.id, taken.lease.owner,
                                                               taken.lease.attempt, {}, now());
    queue.release(taken.job.id, taken.lease);
    if (!done || !*done) return;
    const std::lock_guard lock(mutex_);
    ++times_[taken.job.id];
  }

  store::Database& database_;
  std::atomic<bool> over_ = false;
  std::mutex mutex_;
  std::map<std::string, int> times_;
};

TEST_P(QueueTest, every_job_is_completed_once_whoever_dies) {
  constexpr int kJobs = 120;
  Storm storm(*database_);
  const auto other = make({1000, 0});
  for (int i = 0; i < kJobs; ++i)
    add("job_" + std::to_string(i), Storm::now(), i % 3 == 0 ? "other" : "acc");
  std::vector<std::thread> nodes;
  for (int i = 0; i < 4; ++i)
    nodes.emplace_back([&, i] { storm.run_node(i % 2 == 0 ? *queue_ : *other, i); });
  for (int i = 0; i < 2000 && storm.completed() < kJobs; ++i) {
    if (client_ && i % 20 == 10) redis::fresh_redis();  // flushed in the middle
    std::this_thread::sleep_for(10ms);
  }
  storm.end();
  for (auto& node : nodes) node.join();
  EXPECT_EQ(storm.completed(), std::size_t{kJobs});
  EXPECT_EQ(storm.most_times(), 1);
}

}  // namespace
}  // namespace cad::queue
