// SPDX-License-Identifier: Apache-2.0
#include "webhooks/sign.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "webhooks/schedule.hpp"
#include "webhooks/secrets.hpp"

namespace cad::webhooks {
namespace {

using namespace std::chrono_literals;

// The vector that the libraries of Standard Webhooks are tested with.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* kBody = "{\"test\": 2432232314}";

secrets::KeyRing ring_of(const crypto::Key256& key) {
  return secrets::KeyRing::of_one(std::as_bytes(std::span(key)), "test");
}
SecretBox box_of(secrets::KeyRing ring) {
  return SecretBox(secrets::KeySource::fixed(std::move(ring)));
}
SecretBox fresh_box() { return box_of(ring_of(crypto::random_key())); }

TEST(Sign, S22_gives_the_published_signature_of_standard_webhooks) {
  EXPECT_EQ(standard_signature(kSecret, kId, 1614265330, kBody),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Sign, S22_the_body_is_signed_with_the_secret_as_it_is_shown) {
  // RFC 4231, test case 2.
  EXPECT_EQ(body_signature("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Sign, S22_in_an_overlap_both_secrets_sign_and_the_new_one_the_body) {
  const auto both = headers({kSecret, "old"}, kId, 1614265330, kBody);
  EXPECT_THAT(both, testing::Contains("webhook-signature: v1,g0hM9SsE+OTPJTGt/"
                                      "tmIKtSyZlE3uFJELVlNIOLJ1OE= " +
                                      standard_signature("old", kId, 1614265330, kBody)));
  EXPECT_THAT(both, testing::Contains("X-CADLens-Signature: " + body_signature(kSecret, kBody)));
  EXPECT_THAT(both, testing::Contains(std::string("webhook-id: ") + kId));
  EXPECT_THAT(both, testing::Contains("webhook-timestamp: 1614265330"));
  EXPECT_THAT(both, testing::Contains("User-Agent: CADLens-Webhook/1.0"));
  EXPECT_THAT(both, testing::Contains("Content-Type: application/json"));
}

TEST(Secrets, are_random_and_sealed_to_their_owner) {
  const SecretBox box = fresh_box();
  const std::string secret = make_secret();
  EXPECT_EQ(secret.size(), 6 + 44u);
  EXPECT_NE(secret, make_secret());
  const std::string sealed = box.seal(secret, "we_1").value();
  EXPECT_EQ(sealed.find(secret.substr(6, 20)), std::string::npos);
  EXPECT_NE(sealed, box.seal(secret, "we_1").value());
  EXPECT_EQ(box.open(sealed, "we_1").value(), secret);
  EXPECT_EQ(box.open(sealed, "we_2").error().code, ErrorCode::integrity);
  std::string damaged = sealed;
  damaged.back() = damaged.back() == 'A' ? 'E' : 'A';
  EXPECT_FALSE(box.open(damaged, "we_1"));
  EXPECT_FALSE(box.open("", "we_1"));
  EXPECT_FALSE(box.open("1.0123456789abcdef.", "we_1"));
  EXPECT_FALSE(fresh_box().open(sealed, "we_1"));
}

TEST(Secrets, survive_a_new_master_key) {
  const crypto::Key256 old_key = crypto::random_key();
  const std::string sealed = box_of(ring_of(old_key)).seal("text", "acc_1").value();
  EXPECT_FALSE(fresh_box().open(sealed, "acc_1"));
  const SecretBox box = box_of(ring_of(old_key).rotated("test", std::nullopt));
  EXPECT_EQ(box.open(sealed, "acc_1").value(), "text");
  EXPECT_FALSE(box.is_current(sealed));
  EXPECT_TRUE(box.is_current(box.seal("text", "acc_1").value()));
}

TEST(Secrets, S22_a_rotation_overlaps_and_ends) {
  const SecretBox box = fresh_box();
  store::SealedSecrets first;
  first.secret = box.seal("one", "we_1").value();
  const auto rotated = rotate(box, first, "we_1", 1000).value();
  EXPECT_THAT(open_secrets(box, rotated.sealed, "we_1", 999).value(),
              testing::ElementsAre(rotated.secret, "one"));
  EXPECT_THAT(open_secrets(box, rotated.sealed, "we_1", 1000).value(),
              testing::ElementsAre(rotated.secret));
}

TEST(Schedule, S22_pauses_double_to_30_seconds_and_grow_to_an_hour_later) {
  const RetryRules rules;
  std::vector<std::int64_t> seconds;
  for (std::int64_t tries = 1; tries <= 16; ++tries)
    seconds.push_back(pause_after(tries, rules, 0.5) / 1s);
  EXPECT_THAT(seconds, testing::ElementsAre(2, 4, 8, 16, 30, 30, 30, 30, 60, 120, 240, 480, 960,
                                            1920, 3600, 3600));
  EXPECT_EQ(pause_after(1'000'000, rules, 0.5), 3600s);
}

TEST(Schedule, pauses_are_moved_by_a_fifth_at_most) {
  const RetryRules rules;
  EXPECT_EQ(pause_after(2, rules, 0), 3200ms);
  EXPECT_EQ(pause_after(2, rules, 1), 4800ms);
  EXPECT_EQ(pause_after(6, rules, 1), 30s) << "the cap holds";
}

TEST(Schedule, S22_it_is_tried_three_times_at_least_and_given_up_after_the_span) {
  RetryRules rules;
  rules.span = 0ms;
  EXPECT_EQ(next_try(1, 0, 0, {}, rules, 0.5), 2000);
  EXPECT_EQ(next_try(2, 0, 2000, {}, rules, 0.5), 6000);
  EXPECT_EQ(next_try(3, 0, 6000, {}, rules, 0.5), std::nullopt);
  rules.span = 1h;
  EXPECT_EQ(next_try(3, 0, 6000, {}, rules, 0.5), 14'000);
  EXPECT_EQ(next_try(9, 0, 3'600'000 - 59'999, {}, rules, 0.5), std::nullopt);
}

TEST(Schedule, S22_retry_after_is_honored_within_bounds) {
  const RetryRules rules;
  EXPECT_EQ(next_try(1, 0, 0, 90s, rules, 0.5), 90'000);
  EXPECT_EQ(next_try(1, 0, 0, 1s, rules, 0.5), 2000) << "never faster than the backoff";
  EXPECT_EQ(next_try(1, 0, 0, 100h, rules, 0.5), 3'600'000);
}

}  // namespace
}  // namespace cad::webhooks
