// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "rate/limiter.hpp"
#include "redis/client.hpp"
#include "redis/testing/redis_server.hpp"

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

// What holds for every limiter.
struct LimiterKind {
  std::string name;
  bool redis = false;
};

class LimiterTest : public testing::TestWithParam<LimiterKind> {
 protected:
  void SetUp() override {
    if (!GetParam().redis) {
      limiter_ = make_memory_limiter(1 << 12, [this] { return now_.load(); });
      return;
    }
    if (!redis::can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
    client_ = std::make_unique<redis::Client>(redis::fresh_redis().options());
    RedisLimiterOptions options;
    options.secret = crypto::random_key();
    options.on_outage = [this](bool away, std::string_view) { away_ = away; };
    options.now = [this] { return now_.load(); };
    limiter_ = make_redis_limiter(*client_, std::move(options));
  }
  void TearDown() override { EXPECT_FALSE(away_) << "it was not Redis that counted"; }

  std::atomic<std::int64_t> now_ = 1'700'000'000 * kSecond;
  std::atomic<bool> away_ = false;
  std::unique_ptr<redis::Client> client_;
  std::unique_ptr<Limiter> limiter_;
};

INSTANTIATE_TEST_SUITE_P(All, LimiterTest,
                         testing::Values(LimiterKind{"memory", false}, LimiterKind{"redis", true}),
                         [](const auto& chosen) { return chosen.param.name; });

TEST_P(LimiterTest, S14_EachHasABucketOfItsOwn) {
  const Rate rate{60, 2};
  for (const char* who : {"address:192.0.2.1", "address:192.0.2.2", "key:1"}) {
    EXPECT_TRUE(limiter_->take(who, rate).admitted);
    EXPECT_TRUE(limiter_->take(who, rate).admitted);
    EXPECT_FALSE(limiter_->take(who, rate).admitted);
  }
  now_ += kSecond;
  EXPECT_TRUE(limiter_->take("key:1", rate).admitted);
}

TEST_P(LimiterTest, S15_ManyThreadsGetExactlyTheBurst) {
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) admitted += limiter_->take("key:1", {60, 200}).admitted ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 200);
}

// Against the algorithm itself, which the tests above know.
TEST_P(LimiterTest, S14_TheVerdictsAreThoseOfTheAlgorithm) {
  for (const Rate rate : {Rate{60, 5}, Rate{7, 3}, Rate{600, 10}, Rate{0, 1}, Rate{1, 0}}) {
    std::int64_t bucket = 0;
    const std::string who = "key:" + std::to_string(rate.per_minute);
    for (int i = 0; i < 60; ++i) {
      now_ += 137'011 * (i % 7);
      const Verdict wanted = take(rate, now_, bucket);
      const Verdict got = limiter_->take(who, rate);
      EXPECT_EQ(got.admitted, wanted.admitted) << who << " " << i;
      EXPECT_EQ(got.limit, wanted.limit);
      EXPECT_EQ(got.remaining, wanted.remaining);
      EXPECT_EQ(got.retry_after_us, wanted.retry_after_us);
      EXPECT_EQ(got.reset_after_us, wanted.reset_after_us);
    }
  }
}

TEST_P(LimiterTest, S14_AClockThatGoesBackLocksNobodyOutForLongerThanABucket) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(limiter_->take("key:1", {60, 5}).admitted);
  now_ -= 3600 * kSecond;
  EXPECT_LE(limiter_->take("key:1", {60, 5}).retry_after_us, kSecond);
}

// The memory is bounded by construction; what must hold is that a crowd does not free the one who
// has used its bucket up.
TEST(MemoryLimiter, S14_AMillionAddressesDoNotMakeItForgetTheBusyOne) {
  std::int64_t now = kSecond;
  const auto limiter = make_memory_limiter(1 << 12, [&] { return now; });
  const Rate rate{60, 20};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(limiter->take("address:busy", rate).admitted);
  std::uint64_t refused = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto verdict = limiter->take("address:" + std::to_string(i), rate);
    refused += verdict.admitted ? 0 : 1;
  }
  EXPECT_EQ(refused, 0u) << "a newcomer pays for nobody else";
  EXPECT_FALSE(limiter->take("address:busy", rate).admitted);
}

class RedisLimiterTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!redis::can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
    server_ = &redis::fresh_redis();
    client_ = std::make_unique<redis::Client>(server_->options());
  }
  RedisLimiterOptions options() {
    RedisLimiterOptions options;
    options.secret = secret_;
    return options;
  }
  const crypto::Key256 secret_ = crypto::random_key();
  redis::RedisServer* server_ = nullptr;
  std::unique_ptr<redis::Client> client_;
};

TEST_F(RedisLimiterTest, S15_TheLimitHoldsAcrossNodes) {
  redis::Client other_client(server_->options());
  const auto one = make_redis_limiter(*client_, options());
  const auto other = make_redis_limiter(other_client, options());
  int admitted = 0;
  for (int i = 0; i < 30; ++i)
    for (const auto& limiter : {one.get(), other.get()})
      admitted += limiter->take("key:1", {1, 20}).admitted ? 1 : 0;
  EXPECT_EQ(admitted, 20);
}

TEST_F(RedisLimiterTest, S14_NamesAreHashedAndFullBucketsForgotten) {
  const auto limiter = make_redis_limiter(*client_, options());
  ASSERT_TRUE(limiter->take("address:192.0.2.77", {6'000, 1}).admitted);
  ASSERT_TRUE(limiter->take("key:family-of-a-key", {1, 5}).admitted);
  const redis::Script keys("return redis.call('KEYS', '*')");
  auto admin = std::make_shared<redis::Options>(redis::parse_url(server_->admin_url()).value());
  redis::Client looking(admin);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto found = looking.run(keys, {}, {}).value();
  ASSERT_EQ(found.items.size(), 1u) << "10 ms fill the first bucket";
  EXPECT_EQ(found.items[0].text.find("family"), std::string::npos);
  EXPECT_EQ(looking.run({"OBJECT", "ENCODING", found.items[0].text})->text, "int");
  EXPECT_GT(looking.run({"PTTL", found.items[0].text})->integer, 59'000);
  EXPECT_LE(looking.run({"PTTL", found.items[0].text})->integer, 60'001);
}

TEST(RedisLimiterOutage, S15_WhileRedisIsAwayTheNodeCountsForItself) {
  if (!redis::can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
  redis::RedisServer server;
  redis::Client client(server.options());
  std::atomic<int> outages = 0, ends = 0;
  RedisLimiterOptions options;
  options.on_outage = [&](bool away, std::string_view) { ++(away ? outages : ends); };
  const auto limiter = make_redis_limiter(client, std::move(options));
  EXPECT_TRUE(limiter->take("key:1", {1, 3}).admitted);
  server.tell("stop");
  int admitted = 0;
  for (int i = 0; i < 50; ++i) admitted += limiter->take("key:1", {1, 3}).admitted ? 1 : 0;
  EXPECT_EQ(admitted, 3) << "its own bucket";
  EXPECT_EQ(outages, 1);
  server.tell("start");
  for (int i = 0; i < 500 && ends == 0; ++i) {
    (void)limiter->take("key:2", {1, 1'000});
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(outages, 1);
  EXPECT_TRUE(limiter->take("key:1", {1, 3}).admitted) << "Redis counts again, and has forgotten";
}

}  // namespace
}  // namespace cad::rate
