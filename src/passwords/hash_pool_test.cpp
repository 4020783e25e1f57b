// SPDX-License-Identifier: Apache-2.0
#include "passwords/hash_pool.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <future>

namespace cad::passwords {
namespace {

TEST(HashPool, S10_work_runs_on_threads_that_step_back) {
  HashPool pool({.threads = 2, .waiting = 4});
  EXPECT_EQ(2u, pool.threads());
  std::promise<std::pair<std::thread::id, int>> told;
  ASSERT_TRUE(pool.submit([&] {
    told.set_value(
        {std::this_thread::get_id(), getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()))});
  }));
  const auto [thread, nice] = told.get_future().get();
  EXPECT_NE(std::this_thread::get_id(), thread);
  const int ours = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
  EXPECT_EQ(10, nice);
  EXPECT_LE(ours, nice);
}

TEST(HashPool, S10_a_full_queue_refuses) {
  HashPool pool({.threads = 1, .waiting = 2});
  std::promise<void> started, go;
  std::atomic<int> done = 0;
  ASSERT_TRUE(pool.submit([&, let_go = go.get_future().share()] {
    started.set_value();
    let_go.wait();
    ++done;
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.submit([&] { ++done; }));
  std::promise<void> last;
  EXPECT_TRUE(pool.submit([&] {
    ++done;
    last.set_value();
  }));
  EXPECT_FALSE(pool.submit([&] { ++done; }));
  go.set_value();
  last.get_future().wait();
  EXPECT_EQ(3, done);
}

TEST(HashPool, S10_stop_waits_for_what_runs_and_drops_what_waits) {
  HashPool pool({.threads = 1, .waiting = 8});
  std::promise<void> started, go;
  std::atomic<bool> ended = false, ran = false;
  ASSERT_TRUE(pool.submit([&, let_go = go.get_future().share()] {
    started.set_value();
    let_go.wait();
    ended = true;
  }));
  started.get_future().wait();
  const auto dropped = std::make_shared<int>(0);
  ASSERT_TRUE(pool.submit([&ran, dropped] { ran = true; }));
  std::thread stopper([&pool] { pool.stop(); });
  while (dropped.use_count() > 1) std::this_thread::yield();
  go.set_value();
  stopper.join();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(ran);
  EXPECT_FALSE(pool.submit([&] { ran = true; }));
  pool.stop();
  EXPECT_FALSE(ran);
}

TEST(HashPool, S10_there_is_always_a_thread) {
  HashPool pool;
  EXPECT_GE(pool.threads(), 1u);
  EXPECT_LE(pool.threads(), std::max(1u, std::thread::hardware_concurrency() / 2));
}

}  // namespace
}  // namespace cad::passwords
