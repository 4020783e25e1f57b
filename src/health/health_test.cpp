// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "health/probe.hpp"

namespace cad::health {
namespace {

using namespace std::chrono_literals;

TEST(Probe, says_what_the_check_says) {
  std::atomic<bool> good = true;
  Probe probe(
      [&]() -> Result<void> {
        if (good) return {};
        return fail(ErrorCode::unavailable, "away");
      },
      {0ms, 10s});
  EXPECT_TRUE(probe.state());
  good = false;
  EXPECT_FALSE(probe.state());
  good = true;
  EXPECT_TRUE(probe.state());
}

TEST(Probe, many_who_ask_cause_one_check) {
  std::atomic<int> checks = 0;
  Probe probe(
      [&]() -> Result<void> {
        ++checks;
        return {};
      },
      {1h, 10s});
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) EXPECT_TRUE(probe.state());
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(checks, 1);
}

TEST(Probe, one_that_hangs_counts_as_failed_and_is_not_asked_again_meanwhile) {
  std::promise<void> end;
  auto ended = end.get_future().share();
  std::atomic<int> checks = 0;
  Probe probe(
      [&, ended]() -> Result<void> {
        ++checks;
        ended.wait();
        return {};
      },
      {1h, 20ms});
  for (int i = 0; i < 10; ++i) {
    const auto state = probe.state();
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(checks, 1);
  end.set_value();
  for (int i = 0; i < 1000 && !probe.state(); ++i) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(probe.state());
  EXPECT_EQ(checks, 1) << "its late answer is a fresh one";
}

TEST(Probe, a_fault_is_a_failure) {
  Probe probe([]() -> Result<void> { throw std::runtime_error("x"); });
  EXPECT_FALSE(probe.state());
}

TEST(Readiness, tells_of_each_part) {
  Readiness readiness;
  readiness.add("database", Readiness::Weight::vital, [] { return Result<void>(); });
  readiness.add("queue", Readiness::Weight::helpful,
                []() -> Result<void> { return fail(ErrorCode::unavailable, "away"); });
  const auto parts = readiness.report();
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_TRUE(parts[0].good);
  EXPECT_FALSE(parts[1].good);
  EXPECT_TRUE(readiness.is_good("database"));
  EXPECT_FALSE(readiness.is_good("queue"));
}

TEST(Readiness, parts_are_asked_at_the_same_time) {
  constexpr int kParts = 8;
  std::mutex mutex;
  std::condition_variable changed;
  int under_way = 0;
  Readiness readiness;
  // Asked one after the other, the first would wait in vain.
  for (int i = 0; i < kParts; ++i)
    readiness.add(std::to_string(i), Readiness::Weight::vital,
                  [&]() -> Result<void> {
                    std::unique_lock lock(mutex);
                    ++under_way;
                    changed.notify_all();
                    if (changed.wait_for(lock, 5s, [&] { return under_way == kParts; })) return {};
                    return fail(ErrorCode::unavailable, "alone");
                  },
                  {1h, 10s});
  for (const auto& part : readiness.report()) EXPECT_TRUE(part.good) << part.name;
}

}  // namespace
}  // namespace cad::health
