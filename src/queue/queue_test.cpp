// SPDX-License-Identifier: Apache-2.0
#include "queue/queue.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "store/repositories.hpp"

namespace cad::queue {
namespace {

using namespace std::chrono_literals;

class DatabaseQueueTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-queue-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    auto opened = store::open_sqlite((dir_ / "db").string());
    ASSERT_TRUE(opened);
    database_ = std::move(*opened);
    ASSERT_TRUE(store::migrate(*database_, 1));
    store::KeyRepository keys(*database_);
    for (const std::string account : {"acc", "other", "third"}) {
      ASSERT_TRUE(keys.insert_account(account, account, 1));
      store::ApiKey key;
      key.id = key.hash = "key of " + account;
      key.account_id = account;
      ASSERT_TRUE(keys.insert(key));
    }
    queue_ = make_database_queue(*database_, 1000);
  }
  void TearDown() override {
    queue_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  void add(const std::string& id, store::UnixMs created, const std::string& account = "acc") {
    store::Job job;
    job.id = job.uuid = id;
    job.key_id = "key of " + account;
    job.account_id = account;
    job.created_at = job.updated_at = created;
    ASSERT_TRUE(store::JobRepository(*database_).insert(job, {}));
  }
  store::Job stored(const std::string& id) {
    return store::JobRepository(*database_).find(id).value();
  }
  std::optional<Taken> take(store::UnixMs now, const std::string& owner = "me") {
    auto taken = queue_->take(owner, now, 1000ms);
    EXPECT_TRUE(taken);
    return taken.value_or(std::nullopt);
  }

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Queue> queue_;
};

TEST_F(DatabaseQueueTest, the_longest_waiting_job_is_taken_once) {
  add("job_b", 20);
  add("job_a", 10);
  EXPECT_EQ(queue_->waiting().value(), 2);
  const auto first = take(100);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->job.id, "job_a");
  EXPECT_EQ(first->job.status, store::JobStatus::processing);
  EXPECT_EQ(first->job.started_at, 100);
  EXPECT_EQ(first->lease.attempt, 1);
  EXPECT_EQ(take(100)->job.id, "job_b");
  EXPECT_FALSE(take(100));
}

TEST_F(DatabaseQueueTest, a_renewed_lease_holds_and_an_expired_one_is_reclaimed) {
  add("job_a", 10);
  const auto taken = take(100);
  ASSERT_TRUE(taken);
  EXPECT_EQ(queue_->reclaim_expired(1099).value(), 0);
  EXPECT_TRUE(queue_->renew("job_a", taken->lease, 900, 1000ms, 40, "drawing").value());
  EXPECT_EQ(stored("job_a").progress, 40);
  EXPECT_EQ(queue_->reclaim_expired(1899).value(), 0);
  EXPECT_EQ(queue_->reclaim_expired(1900).value(), 1);
  EXPECT_EQ(stored("job_a").status, store::JobStatus::pending);
  EXPECT_FALSE(queue_->renew("job_a", taken->lease, 1901, 1000ms, 50, "drawing").value());

  const auto again = take(2000, "other");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->lease.attempt, 2);
  EXPECT_EQ(again->job.failures, 0) << "a lost runner is not the job's fault";
  EXPECT_FALSE(queue_->give_back("job_a", taken->lease, 2001, 2001, true).value());
  EXPECT_EQ(stored("job_a").status, store::JobStatus::processing);
}

TEST_F(DatabaseQueueTest, a_job_given_back_waits_its_time_and_counts_its_failures) {
  add("job_a", 10);
  const auto taken = take(100);
  EXPECT_TRUE(queue_->give_back("job_a", taken->lease, 200, 500, true).value());
  EXPECT_FALSE(take(499));
  const auto again = take(500);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->job.failures, 1);
  EXPECT_EQ(again->job.started_at, 100) << "the first start is the start";
}

TEST_F(DatabaseQueueTest, a_start_reclaims_every_lease) {
  add("job_a", 10);
  ASSERT_TRUE(take(100));
  EXPECT_EQ(queue_->reclaim_all(101).value(), 1);
  EXPECT_TRUE(take(101));
}

TEST_F(DatabaseQueueTest, a_deleted_job_loses_its_lease) {
  add("job_a", 10);
  const auto taken = take(100);
  ASSERT_TRUE(store::JobRepository(*database_).remove("job_a").value());
  EXPECT_FALSE(queue_->renew("job_a", taken->lease, 101, 1000ms, 1, "x").value());
}

TEST_F(DatabaseQueueTest, two_takers_never_get_the_same_job) {
  for (int i = 0; i < 40; ++i) add("job_" + std::to_string(i), i);
  std::vector<std::string> seen[2];
  std::thread threads[2];
  for (int t = 0; t < 2; ++t)
    threads[t] = std::thread([this, t, &seen] {
      while (auto taken = take(100, "owner " + std::to_string(t))) seen[t].push_back(taken->job.id);
    });
  for (auto& thread : threads) thread.join();
  std::vector<std::string> all = seen[0];
  all.insert(all.end(), seen[1].begin(), seen[1].end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), 40u);
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

// The names of the jobs that as many takers get, in their order; "-" for none.
std::string in_order(Queue& queue, int takers) {
  std::string names;
  for (int i = 0; i < takers; ++i) {
    const auto taken = queue.take("me", 1000, 1000ms).value();
    names += (names.empty() ? "" : " ") + (taken ? taken->job.id : "-");
  }
  return names;
}

TEST_F(DatabaseQueueTest, S18_an_account_never_holds_all_runners) {
  queue_ = make_database_queue(*database_, 2);
  for (int i = 0; i < 5; ++i) add("a" + std::to_string(i), i);
  EXPECT_EQ(in_order(*queue_, 3), "a0 a1 -") << "the third of three runners is for the others";
  add("b", 100, "other");
  EXPECT_EQ(in_order(*queue_, 2), "b -");
  EXPECT_EQ(queue_->take("another process", 1000, 1000ms).value()->job.id, "a2");
}

TEST_F(DatabaseQueueTest, S18_a_finished_job_makes_room_for_the_accounts_next) {
  queue_ = make_database_queue(*database_, 1);
  for (int i = 0; i < 2; ++i) add("a" + std::to_string(i), i);
  const auto first = take(1000);
  EXPECT_FALSE(take(1000));
  ASSERT_TRUE(store::JobRepository(*database_)
                  .complete("a0", "me", first->lease.attempt, {}, 1001)
                  .value());
  EXPECT_EQ(take(1001)->job.id, "a1");
}

TEST_F(DatabaseQueueTest, S18_accounts_take_turns_whatever_the_length_of_a_backlog) {
  for (int i = 0; i < 500; ++i) add("a" + std::to_string(1000 + i), 1);
  for (int i = 0; i < 3; ++i) add("b" + std::to_string(i), 500 + i, "other");
  add("c", 900, "third");
  EXPECT_EQ(in_order(*queue_, 7), "a1000 b0 c a1001 b1 a1002 b2");
}

TEST_F(DatabaseQueueTest, S18_a_job_that_waits_for_its_time_takes_nobodys_turn) {
  add("a", 1);
  ASSERT_TRUE(queue_->give_back("a", take(1000)->lease, 1000, 5000, true).value());
  add("b", 900, "other");
  EXPECT_EQ(in_order(*queue_, 2), "b -");
}

TEST_F(DatabaseQueueTest, a_burst_of_notices_wakes_each_runner_once) {
  queue_ = make_database_queue(*database_, 1);
  for (int i = 0; i < 100; ++i) queue_->notify();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) queue_->wait(10s);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  queue_->wait(50ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
}

TEST_F(DatabaseQueueTest, a_notice_before_the_wait_is_not_lost_and_close_wakes_all) {
  queue_->notify();
  const auto start = std::chrono::steady_clock::now();
  queue_->wait(10s);
  std::thread waiter([this] { queue_->wait(10s); });
  queue_->close();
  waiter.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace cad::queue
