// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "auth/allowed_networks.hpp"
#include "auth/api_key.hpp"
#include "auth/authenticator.hpp"
#include "auth/url_signer.hpp"

namespace cad::auth {
namespace {

TEST(ApiKey, a_made_key_has_the_published_form) {
  const NewKey key = make_api_key();
  EXPECT_THAT(key.raw, testing::MatchesRegex("cadl_[0-9a-f]+"));
  EXPECT_EQ(key.raw.size(), kKeyLength);
  EXPECT_TRUE(is_well_formed_key(key.raw));
  EXPECT_EQ(key.prefix, key.raw.substr(0, 12));
  EXPECT_NE(key.raw, make_api_key().raw);
}

TEST(ApiKey, the_checksum_is_the_crc32_of_the_forty_digits) {
  // CRC-32 of forty '0' characters, computed with Python's zlib.crc32.
  EXPECT_TRUE(is_well_formed_key("cadl_0000000000000000000000000000000000000000963fbb8e"));
  EXPECT_FALSE(is_well_formed_key("cadl_0000000000000000000000000000000000000000963fbb8f"));
}

TEST(ApiKey, every_single_wrong_digit_is_noticed) {
  const std::string raw = make_api_key().raw;
  for (std::size_t i = kKeyStart.size(); i < raw.size(); ++i)
    for (const char c : std::string("0123456789abcdefABCg")) {
      std::string wrong = raw;
      if (wrong[i] == c) continue;
      wrong[i] = c;
      EXPECT_FALSE(is_well_formed_key(wrong)) << wrong;
    }
  EXPECT_FALSE(is_well_formed_key(raw + "0"));
  EXPECT_FALSE(is_well_formed_key(raw.substr(1)));
  EXPECT_FALSE(is_well_formed_key(""));
}

class AuthenticatorTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-auth-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    store::KeyRepository keys(*database_);
    ASSERT_TRUE(keys.insert_account("acc", "owner", 1));
    stored_.id = "key";
    stored_.account_id = "acc";
    stored_.prefix = made_.prefix;
    stored_.hash = made_.hash;
    stored_.scopes = "jobs:read";
    stored_.expires_at = 5000;
    ASSERT_TRUE(keys.insert(stored_));
    authenticator_ = std::make_unique<Authenticator>(*database_, [this] { return now_; });
  }
  void TearDown() override {
    authenticator_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  NewKey made_ = make_api_key();
  store::ApiKey stored_;
  store::UnixMs now_ = 1000;
  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, a_right_key_gives_its_principal_and_scopes) {
  const auto who = authenticator_->authenticate("Bearer " + made_.raw, "192.0.2.1");
  ASSERT_TRUE(who);
  EXPECT_EQ(who->key_id, "key");
  EXPECT_TRUE(who->has(Scope::read));
  EXPECT_FALSE(who->has(Scope::parse));
  EXPECT_FALSE(who->has(Scope::remove));
  EXPECT_TRUE(authenticator_->authenticate("bearer " + made_.raw, "192.0.2.1"));
}

TEST_F(AuthenticatorTest, everything_else_is_refused) {
  EXPECT_FALSE(authenticator_->authenticate(std::nullopt, "192.0.2.1"));
  for (const std::string& header :
       {std::string(), made_.raw, "Basic " + made_.raw, std::string("Bearer"),
        "Bearer " + make_api_key().raw, "Bearer " + made_.hash})
    EXPECT_FALSE(authenticator_->authenticate(header, "192.0.2.1")) << header;
}

TEST_F(AuthenticatorTest, revoked_and_expired_keys_are_refused_from_the_next_request_on) {
  now_ = 5000;
  EXPECT_FALSE(authenticator_->authenticate("Bearer " + made_.raw, "192.0.2.1"));
  now_ = 4999;
  EXPECT_TRUE(authenticator_->authenticate("Bearer " + made_.raw, "192.0.2.1"));
  ASSERT_TRUE(store::KeyRepository(*database_).revoke("key", now_));
  EXPECT_FALSE(authenticator_->authenticate("Bearer " + made_.raw, "192.0.2.1"));
}

TEST_F(AuthenticatorTest, S21_a_bound_key_works_from_where_it_is_bound_to_alone) {
  store::KeyRepository keys(*database_);
  const NewKey bound = make_api_key();
  store::ApiKey key = stored_;
  key.id = "bound";
  key.family = "";
  key.hash = bound.hash;
  key.allowed_networks = "192.0.2.0/24 2001:db8::/32";
  ASSERT_TRUE(keys.insert(key));
  const std::string header = "Bearer " + bound.raw;
  for (const char* from : {"192.0.2.1", "192.0.2.255", "::ffff:192.0.2.9", "2001:db8:5::1"})
    EXPECT_TRUE(authenticator_->authenticate(header, from)) << from;
  for (const char* from : {"192.0.3.1", "2001:db9::1", "unix", "", "127.0.0.1", "192.0.2.1 "}) {
    const auto who = authenticator_->authenticate(header, from);
    ASSERT_FALSE(who) << from;
    EXPECT_EQ(who.error().code, ErrorCode::conflict);
  }
}

TEST(AllowedNetworks, S21_what_cannot_be_read_allows_nothing) {
  EXPECT_TRUE(allows("", "unix"));
  EXPECT_TRUE(check_networks("192.0.2.1 2001:db8::/48"));
  for (const char* list :
       {"nonsense", "192.0.2.0/24 nonsense", "0.0.0.0/0", " 192.0.2.1", "192.0.2.1  192.0.2.2"}) {
    EXPECT_FALSE(check_networks(list)) << list;
    EXPECT_FALSE(allows(list, "192.0.2.1")) << list;
  }
}

TEST_F(AuthenticatorTest, S08_the_database_files_never_hold_the_raw_key) {
  ASSERT_TRUE(authenticator_->authenticate("Bearer " + made_.raw, "192.0.2.1"));
  for (const auto& entry : std::filesystem::directory_iterator(dir_)) {
    FILE* file = std::fopen(entry.path().c_str(), "rb");
    ASSERT_NE(file, nullptr);
    std::string bytes(std::filesystem::file_size(entry.path()), '\0');
    ASSERT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
    std::fclose(file);
    EXPECT_EQ(bytes.find(made_.raw.substr(kPrefixLength, 20)), std::string::npos) << entry.path();
  }
}

constexpr std::string_view kPath = "/v1/previews/job_a/0.png";

// The values in "?expires=...&key=...&signature=...".
struct Parts {
  std::string expires, key, signature;
  SignedQuery view() const { return {expires, key, signature}; }
};
Parts parts_of(const std::string& query) {
  const auto value = [&](const std::string& name) {
    const auto at = query.find(name + "=") + name.size() + 1;
    return query.substr(at, query.find('&', at) - at);
  };
  return {value("expires"), value("key"), value("signature")};
}

TEST(UrlSigner, S20_a_signature_fits_one_method_path_and_time_only) {
  std::array<std::uint8_t, 32> bytes{};
  bytes[0] = 7;
  const UrlSigner signer(bytes);
  const std::string query = signer.query("GET", kPath, 2000);
  const Parts good = parts_of(query);
  EXPECT_EQ(query, "?expires=2000&key=" + good.key + "&signature=" + good.signature);
  EXPECT_EQ(good.signature.size(), 64u);
  EXPECT_EQ(good.key.size(), 16u);
  EXPECT_TRUE(signer.allows("GET", kPath, good.view(), 1999));
  EXPECT_FALSE(signer.allows("GET", kPath, good.view(), 2000));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/1.png", good.view(), 1999));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_b/0.png", good.view(), 1999));
  EXPECT_FALSE(signer.allows("PUT", kPath, good.view(), 1999));
  for (const char* time : {"2001", "2000 ", "02000", "+2000", "", "x"})
    EXPECT_FALSE(signer.allows("GET", kPath, {time, good.key, good.signature}, 1999)) << time;
  EXPECT_FALSE(signer.allows("GET", kPath, {good.expires, good.key, ""}, 1999));
  EXPECT_FALSE(signer.allows("GET", kPath, {good.expires, "", good.signature}, 1999));
  for (std::size_t i = 0; i < good.signature.size(); ++i) {
    Parts altered = good;
    altered.signature[i] = altered.signature[i] == '0' ? '1' : '0';
    EXPECT_FALSE(signer.allows("GET", kPath, altered.view(), 1999));
  }
  bytes[0] = 8;
  EXPECT_FALSE(UrlSigner(bytes).allows("GET", kPath, good.view(), 1999));
}

TEST(UrlSigner, S20_a_time_with_its_own_signature_is_read_in_one_spelling_only) {
  const UrlSigner signer(std::array<std::uint8_t, 32>{});
  // Whoever could sign any text would still not get a second URL for the same hour.
  const Parts negative = parts_of(signer.query("GET", kPath, -5));
  EXPECT_TRUE(signer.allows("GET", kPath, negative.view(), -6));
  EXPECT_FALSE(signer.allows("GET", kPath, negative.view(), 0));
}

class SigningKeyRotation : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "signing_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    source_ = secrets::KeySource::open(signing_key_place(dir_), secrets::Missing::make).value();
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }
  void rotate(std::int64_t retire_at) {
    const auto ring = source_->now()->rotated(signing_key_place(dir_).label, retire_at);
    ASSERT_TRUE(secrets::write_key_file(source_->file(), ring));
  }
  std::string dir_;
  std::shared_ptr<secrets::KeySource> source_;
};

TEST_F(SigningKeyRotation, S20_urls_given_out_before_stay_good_and_new_ones_have_the_new_key) {
  const UrlSigner signer(source_);
  const Parts before = parts_of(signer.query("GET", kPath, 5000));
  rotate(2000);
  const Parts after = parts_of(signer.query("GET", kPath, 5000));
  EXPECT_NE(after.key, before.key);
  EXPECT_TRUE(signer.allows("GET", kPath, before.view(), 4999));
  EXPECT_TRUE(signer.allows("GET", kPath, after.view(), 4999));
  // The one key's signature under the other's name.
  EXPECT_FALSE(signer.allows("GET", kPath, {before.expires, after.key, before.signature}, 1000));
}

TEST_F(SigningKeyRotation, S20_a_retired_key_signs_nothing_that_lives_longer_than_its_last_url) {
  const UrlSigner signer(source_);
  const Parts last = parts_of(signer.query("GET", kPath, 2000 + kUrlLifeSeconds));
  const Parts later = parts_of(signer.query("GET", kPath, 2001 + kUrlLifeSeconds));
  EXPECT_TRUE(signer.allows("GET", kPath, later.view(), 1000));
  rotate(2000);
  EXPECT_TRUE(signer.allows("GET", kPath, last.view(), 1000));
  EXPECT_FALSE(signer.allows("GET", kPath, later.view(), 1000)) << "made by a thief of the old key";
}

TEST_F(SigningKeyRotation, S20_a_key_that_is_gone_verifies_nothing) {
  const UrlSigner signer(source_);
  const Parts before = parts_of(signer.query("GET", kPath, 5000));
  rotate(2000);
  ASSERT_TRUE(secrets::write_key_file(source_->file(), source_->now()->without_retired(2001)));
  EXPECT_FALSE(signer.allows("GET", kPath, before.view(), 1000));
}

}  // namespace
}  // namespace cad::auth
