// SPDX-License-Identifier: Apache-2.0
// Runners when things go wrong around them: a stop, a database that is away, too little memory.
#include "jobs/run.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <csignal>
#include <sstream>

#include "jobs/jobs_fixture.hpp"
#include "jobs/memory_budget.hpp"
#include "store/testing/away_database.hpp"

namespace cad::jobs {
namespace {

using namespace std::chrono_literals;

class RunTest : public JobsTest {
 protected:
  void SetUp() override {
    JobsTest::SetUp();
    flaky_ = std::make_unique<store::AwayDatabase>(*database_);
    reopen_queue(*flaky_);
    options_.threads = 1;
    options_.look_every = 5ms;
    options_.renew_every = 10ms;
  }
  // Runners of which one is at work.
  void start(Runners& runners) {
    runners.start();
    ASSERT_TRUE(soon([&] { return started_.load(); }));
  }
  // A worker that waits for `go`, or until it is cancelled.
  RunWorker worker(const std::atomic<bool>& go) {
    return [this, &go](const auto&, const auto&, const auto& callbacks, const auto& cancel) {
      EXPECT_TRUE(callbacks.parts->write(PartKind::result, 0, bytes("{}")));
      started_ = true;
      while (!go && !cancel) std::this_thread::sleep_for(1ms);
      ended_ = true;
      return report(cancel ? WorkerEnd::cancelled : WorkerEnd::completed);
    };
  }

  std::unique_ptr<store::AwayDatabase> flaky_;
  RunnerOptions options_;
  std::atomic<bool> started_ = false, ended_ = false;
};

TEST_F(RunTest, a_stop_with_grace_lets_running_jobs_end_and_begins_none) {
  const auto first = submit(kDxf)->job.id;
  options_.grace = 20s;
  std::atomic<bool> go = false;
  Runners runners(*services_, options_, worker(go));
  start(runners);
  const auto second = submit(kDxf)->job.id;
  std::thread later([&] {
    std::this_thread::sleep_for(50ms);
    go = true;
  });
  runners.stop();
  later.join();
  EXPECT_EQ(stored(first).status, store::JobStatus::completed);
  EXPECT_EQ(stored(second).status, store::JobStatus::pending);
}

TEST_F(RunTest, after_the_grace_what_still_runs_is_given_back) {
  const auto id = submit(kDxf)->job.id;
  options_.grace = 30ms;
  const std::atomic<bool> never = false;
  Runners runners(*services_, options_, worker(never));
  start(runners);
  runners.stop();
  EXPECT_EQ(stored(id).status, store::JobStatus::pending);
  EXPECT_EQ(stored(id).failures, 0);
}

TEST_F(RunTest, a_finished_job_is_written_down_when_the_database_comes_back) {
  const auto id = submit(kDxf)->job.id;
  std::atomic<bool> go = false;
  Runners runners(*services_, options_, worker(go));
  start(runners);
  flaky_->away = true;
  go = true;
  ASSERT_TRUE(soon([&] { return ended_.load(); }));
  std::this_thread::sleep_for(100ms);
  flaky_->away = false;
  EXPECT_TRUE(soon([&] { return stored(id).status == store::JobStatus::completed; }));
  runners.stop();
  EXPECT_EQ(stored(id).attempt, 1) << "it was not done again";
  EXPECT_TRUE(blobs_.open(part_key(id, 1, "pack", 0)));
}

TEST_F(RunTest, an_answer_that_was_lost_costs_no_result) {
  const auto id = submit(kDxf)->job.id;
  std::atomic<bool> go = false;
  Runners runners(*services_, options_, worker(go));
  start(runners);
  flaky_->lose_next_answer = true;
  go = true;
  EXPECT_TRUE(soon([&] { return stored(id).status == store::JobStatus::completed; }));
  runners.stop();
  EXPECT_EQ(stored(id).attempt, 1);
  EXPECT_TRUE(blobs_.open(part_key(id, 1, "pack", 0)));
}

TEST_F(RunTest, a_lease_that_cannot_be_renewed_is_used_to_its_end_and_no_longer) {
  const auto id = submit(kDxf)->job.id;
  options_.lease = 400ms;
  const std::atomic<bool> never = false;
  Runners runners(*services_, options_, worker(never));
  start(runners);
  const auto away = std::chrono::steady_clock::now();
  flaky_->away = true;
  ASSERT_TRUE(soon([&] { return ended_.load(); }));
  EXPECT_GE(std::chrono::steady_clock::now() - away, 300ms);
  flaky_->away = false;
  runners.stop();
  EXPECT_FALSE(store::is_final(stored(id).status));
}

TEST_F(RunTest, a_stop_in_a_hurry_has_no_grace) {
  const auto id = submit(kDxf)->job.id;
  options_.grace = 600s;
  const std::atomic<bool> never = false;
  Runners runners(*services_, options_, worker(never));
  start(runners);
  std::jthread impatient([&] {
    std::this_thread::sleep_for(30ms);
    runners.hurry();
  });
  const auto begun = std::chrono::steady_clock::now();
  runners.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);
  EXPECT_EQ(stored(id).status, store::JobStatus::pending);
}

// A stop has its time; the lease that is left is for others to wait for.
TEST_F(RunTest, a_stop_does_not_wait_a_lease_for_a_database_that_is_away) {
  const auto id = submit(kDxf)->job.id;
  options_.lease = 120s;
  options_.last_writes = 50ms;
  const std::atomic<bool> never = false;
  Runners runners(*services_, options_, worker(never));
  start(runners);
  flaky_->away = true;
  const auto begun = std::chrono::steady_clock::now();
  runners.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);
  flaky_->away = false;
  EXPECT_EQ(stored(id).status, store::JobStatus::processing) << "its lease is still known";
}

TEST_F(RunTest, a_database_that_is_back_within_the_time_of_a_stop_is_told) {
  const auto id = submit(kDxf)->job.id;
  options_.last_writes = 20s;
  const std::atomic<bool> never = false;
  Runners runners(*services_, options_, worker(never));
  start(runners);
  flaky_->away = true;
  std::jthread later([&] {
    std::this_thread::sleep_for(100ms);
    flaky_->away = false;
  });
  runners.stop();
  EXPECT_EQ(stored(id).status, store::JobStatus::pending);
}

TEST_F(RunTest, stops_do_not_count_against_a_job) {
  const auto id = submit(kDxf)->job.id;
  const std::atomic<bool> never = false;
  for (std::int64_t i = 0; i < options_.max_attempts + 2; ++i) {
    started_ = false;
    {
      Runners runners(*services_, options_, worker(never));
      start(runners);
    }
    ASSERT_EQ(stored(id).status, store::JobStatus::pending) << i;
    reopen_queue(*flaky_);
  }
}

// Between giving the job back and forgetting it here another runner begins its next attempt.
TEST_F(RunTest, the_end_of_an_attempt_does_not_touch_the_next_one_on_the_same_node) {
  class SlowEnd : public queue::Queue {
   public:
    SlowEnd(queue::Queue& queue, const std::atomic<bool>& next) : queue_(queue), next_(next) {}
    void offer(const store::Job& job) override { queue_.offer(job); }
    Result<std::optional<queue::Taken>> take(std::string_view owner, UnixMs now,
                                             std::chrono::milliseconds lease) override {
      return queue_.take(owner, now, lease);
    }
    Result<bool> renew(std::string_view id, const queue::Lease& lease, UnixMs now,
                       std::chrono::milliseconds length, int progress,
                       std::string_view phase) override {
      return queue_.renew(id, lease, now, length, progress, phase);
    }
    Result<bool> give_back(std::string_view id, const queue::Lease& lease, UnixMs now, UnixMs at,
                           bool failed) override {
      return queue_.give_back(id, lease, now, at, failed);
    }
    void release(std::string_view id, const queue::Lease& lease) override {
      while (lease.attempt == 1 && !next_) std::this_thread::sleep_for(1ms);
      queue_.release(id, lease);
      released = lease.attempt;
    }
    Result<std::int64_t> upkeep(UnixMs now) override { return queue_.upkeep(now); }
    Result<std::int64_t> reclaim_all(UnixMs now) override { return queue_.reclaim_all(now); }
    Result<std::int64_t> waiting() override { return queue_.waiting(); }
    void wait(std::chrono::milliseconds time) override { queue_.wait(time); }
    void close() override { queue_.close(); }
    std::atomic<std::int64_t> released = 0;

   private:
    queue::Queue& queue_;
    const std::atomic<bool>& next_;
  };
  std::atomic<bool> next = false, cancelled = false;
  SlowEnd slow(*queue_, next);
  const Services services = services_with(*flaky_, slow, *log_);
  options_.threads = 2;
  options_.retry_after = 0ms;
  const auto id = submit(kDxf)->job.id;
  std::atomic<int> calls = 0;
  Runners runners(services, options_,
                  [&](const auto&, const auto&, const auto&, const auto& cancel) {
                    if (++calls == 1) return report(WorkerEnd::crashed, SIGKILL);
                    next = true;
                    while (!cancel) std::this_thread::sleep_for(1ms);
                    cancelled = true;
                    return report(WorkerEnd::cancelled);
                  });
  runners.start();
  ASSERT_TRUE(soon([&] { return slow.released == 1; }));
  std::this_thread::sleep_for(50ms);
  runners.cancel(id);
  EXPECT_TRUE(soon([&] { return cancelled.load(); })) << "the second attempt is known here";
  runners.stop();
}

TEST_F(RunTest, a_queue_that_is_away_is_said_once_and_once_when_it_is_back) {
  std::ostringstream told;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told));
  const Services services = services_with(*flaky_, *queue_, log);
  options_.threads = 3;
  options_.look_every = 1ms;
  const std::atomic<bool> go = true;
  Runners runners(services, options_, worker(go));
  flaky_->away = true;
  runners.start();
  std::this_thread::sleep_for(50ms);
  flaky_->away = false;
  const auto id = submit(kDxf)->job.id;
  EXPECT_TRUE(soon([&] { return stored(id).status == store::JobStatus::completed; }));
  runners.stop();
  const std::string text = told.str();
  for (const char* line : {"event=backend_away what=queue ", "event=backend_back what=queue "}) {
    EXPECT_NE(text.find(line), text.npos) << line;
    EXPECT_EQ(text.find(line), text.rfind(line)) << text;
  }
}

TEST_F(RunTest, S18_a_job_that_brings_down_its_node_time_and_again_is_given_up) {
  const auto id = submit(kDxf)->job.id;
  options_.max_attempts = 3;
  for (int i = 0; i < 3; ++i) {  // nodes that die while they run it
    ASSERT_TRUE(queue_->take("node", now_, 1000ms).value());
    now_ += 1000;
    EXPECT_EQ(queue_->upkeep(now_).value(), 1);
  }
  const std::atomic<bool> go = true;
  Runners runners(*services_, options_, worker(go));
  runners.start();
  EXPECT_TRUE(soon([&] { return store::is_final(stored(id).status); }));
  runners.stop();
  EXPECT_FALSE(started_) << "it is not tried once more";
  EXPECT_EQ(stored(id).error_code, "INTERRUPTED");
  const auto dead = services_->jobs().dead(10).value();
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].id, id);
  EXPECT_EQ(dead[0].attempt, 4);
}

TEST_F(RunTest, S18_given_up_jobs_are_listed_and_ordinary_failures_are_not) {
  const auto crashing = submit(kDxf)->job.id;
  run(crashing, {report(WorkerEnd::crashed, SIGSEGV)});
  reopen_queue(*flaky_);
  const auto damaged = submit(kDxf)->job.id;
  run(damaged, {report(WorkerEnd::rejected)});
  EXPECT_EQ(stored(damaged).error_code, "DAMAGED_DRAWING");
  const auto dead = services_->jobs().dead(10).value();
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].id, crashing);
  EXPECT_EQ(dead[0].error_code, "PARSE_CRASHED");
}

TEST_F(RunTest, S18_workers_together_stay_within_the_nodes_memory) {
  options_.threads = 3;
  options_.limits.memory_bytes = 1u << 30;
  options_.memory_bytes = 100u << 20;  // two drawings of a few bytes
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(submit(kDxf)->job.id);
  reopen_queue(*flaky_, 3);
  std::atomic<int> running = 0, most = 0;
  std::atomic<bool> go = false;
  Runners runners(*services_, options_,
                  [&](const auto&, const auto&, const auto& callbacks, const auto& cancel) {
                    EXPECT_TRUE(callbacks.parts->write(PartKind::result, 0, bytes("{}")));
                    most = std::max(most.load(), ++running);
                    while (!go && !cancel) std::this_thread::sleep_for(1ms);
                    --running;
                    return report(WorkerEnd::completed);
                  });
  runners.start();
  ASSERT_TRUE(soon([&] { return running == 2; }));
  // The third is taken, and waits for memory with its lease renewed.
  EXPECT_TRUE(soon([&] { return queue_->waiting().value() == 0; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(most, 2);
  go = true;
  for (const auto& id : ids)
    EXPECT_TRUE(soon([&] { return stored(id).status == store::JobStatus::completed; }));
  runners.stop();
}

TEST(MemoryBudget, one_job_may_always_run_and_who_is_stopped_gets_nothing) {
  MemoryBudget budget(100);
  auto whole = budget.reserve(1'000, [] { return false; });
  ASSERT_TRUE(whole);
  EXPECT_FALSE(budget.reserve(1, [] { return true; }));
  whole.reset();
  const auto half = budget.reserve(50, [] { return false; });
  EXPECT_TRUE(budget.reserve(50, [] { return true; }));
  EXPECT_FALSE(budget.reserve(51, [] { return true; }));
}

TEST(MemoryBudget, a_large_job_is_not_passed_by_for_ever) {
  MemoryBudget budget(100);
  const auto never = [] { return false; };
  auto running = budget.reserve(60, never);
  std::atomic<bool> asked = false, has = false;
  std::jthread large([&] {
    const auto most = budget.reserve(90, [&] {
      asked = true;
      return false;
    });
    has = most != nullptr;
    while (has) std::this_thread::sleep_for(1ms);
  });
  while (!asked) std::this_thread::yield();
  EXPECT_FALSE(budget.reserve(10, [] { return true; })) << "there is room, but it is not his turn";
  std::jthread small([&] { (void)budget.reserve(10, never); });
  running.reset();
  for (int i = 0; i < 2000 && !has; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(has);
  has = false;
}

TEST(MemoryBudget, an_estimate_grows_with_the_file_up_to_a_jobs_limit) {
  constexpr std::uint64_t kMost = 1u << 30;
  const auto small = memory_estimate("DXF", 50'000, kMost);
  EXPECT_LT(small, 70u << 20);
  EXPECT_GT(memory_estimate("DXF", 10'000'000, kMost), small);
  EXPECT_GT(memory_estimate("DWG", 10'000'000, kMost), memory_estimate("DXF", 10'000'000, kMost));
  EXPECT_EQ(memory_estimate("DXF", 1ull << 40, kMost), kMost);
}

}  // namespace
}  // namespace cad::jobs
