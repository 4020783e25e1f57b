// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "rate/limiter.hpp"

namespace cad::rate {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(Gcra, S14_ABurstThenTheSteadyRate) {
  const Rate rate{60, 5};
  std::int64_t bucket = 0, now = 1'000 * kSecond;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const Verdict verdict = take(rate, now, bucket);
    EXPECT_TRUE(verdict.admitted);
    EXPECT_EQ(verdict.limit, 5u);
    EXPECT_EQ(verdict.remaining, 4 - i);
  }
  const Verdict refused = take(rate, now, bucket);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_us, kSecond);
  EXPECT_EQ(refused.reset_after_us, 5 * kSecond);
  EXPECT_FALSE(take(rate, now + kSecond - 1, bucket).admitted);
  EXPECT_TRUE(take(rate, now + kSecond, bucket).admitted);
  EXPECT_FALSE(take(rate, now + kSecond, bucket).admitted);
  now += 100 * kSecond;
  EXPECT_EQ(take(rate, now, bucket).remaining, 4u) << "never more than the burst";
}

TEST(Gcra, S14_OverAnHourNoMoreThanTheRateAndTheBurst) {
  for (const Rate rate : {Rate{60, 1}, Rate{600, 100}, Rate{7, 3}, Rate{100'000, 10}}) {
    std::int64_t bucket = 0;
    std::uint64_t admitted = 0;
    for (std::int64_t now = 0; now < 3600 * kSecond; now += 7'919)
      admitted += take(rate, now, bucket).admitted ? 1 : 0;
    const std::uint64_t most = std::uint64_t{rate.per_minute} * 60 + rate.burst;
    EXPECT_LE(admitted, most);
    const std::uint64_t asked = 3600 * kSecond / 7'919;
    EXPECT_GE(admitted, std::min(asked, most) * 9 / 10) << rate.per_minute;
  }
}

TEST(Gcra, WithoutARateNothingIsRefused) {
  std::int64_t bucket = 0;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(take({0, 1}, 0, bucket).admitted);
  EXPECT_EQ(bucket, 0);
}

TEST(Gcra, AStoredNonsenseLocksNobodyOutForLongerThanABucket) {
  std::int64_t bucket = INT64_MAX;
  const Verdict verdict = take({60, 5}, 0, bucket);
  EXPECT_FALSE(verdict.admitted);
  EXPECT_LE(verdict.retry_after_us, kSecond);
}

TEST(MemoryLimiter, S14_EachHasABucketOfItsOwn) {
  std::int64_t now = kSecond;
  const auto limiter = make_memory_limiter(1 << 12, [&] { return now; });
  const Rate rate{60, 2};
  for (const char* who : {"address:192.0.2.1", "address:192.0.2.2", "key:1"}) {
    EXPECT_TRUE(limiter->take(who, rate)->admitted);
    EXPECT_TRUE(limiter->take(who, rate)->admitted);
    EXPECT_FALSE(limiter->take(who, rate)->admitted);
  }
  now += kSecond;
  EXPECT_TRUE(limiter->take("key:1", rate)->admitted);
}

// The memory is bounded by construction; what must hold is that a crowd does not free the one who
// has used its bucket up.
TEST(MemoryLimiter, S14_AMillionAddressesDoNotMakeItForgetTheBusyOne) {
  std::int64_t now = kSecond;
  const auto limiter = make_memory_limiter(1 << 12, [&] { return now; });
  const Rate rate{60, 20};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(limiter->take("address:busy", rate)->admitted);
  std::uint64_t refused = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto verdict = limiter->take("address:" + std::to_string(i), rate);
    refused += verdict->admitted ? 0 : 1;
  }
  EXPECT_EQ(refused, 0u) << "a newcomer pays for nobody else";
  EXPECT_FALSE(limiter->take("address:busy", rate)->admitted);
}

TEST(MemoryLimiter, S15_ManyThreadsGetExactlyTheBurst) {
  const auto limiter = make_memory_limiter(1 << 12, [] { return kSecond; });
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i)
        admitted += limiter->take("key:1", {60, 1000})->admitted ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 1000);
}

}  // namespace
}  // namespace cad::rate
