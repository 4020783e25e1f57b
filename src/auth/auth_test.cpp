// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

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
  const auto who = authenticator_->authenticate("Bearer " + made_.raw);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->key_id, "key");
  EXPECT_TRUE(who->has(Scope::read));
  EXPECT_FALSE(who->has(Scope::parse));
  EXPECT_FALSE(who->has(Scope::remove));
  EXPECT_TRUE(authenticator_->authenticate("bearer " + made_.raw));
}

TEST_F(AuthenticatorTest, everything_else_is_refused) {
  EXPECT_FALSE(authenticator_->authenticate(std::nullopt));
  for (const std::string& header :
       {std::string(), made_.raw, "Basic " + made_.raw, std::string("Bearer"),
        "Bearer " + make_api_key().raw, "Bearer " + made_.hash})
    EXPECT_FALSE(authenticator_->authenticate(header)) << header;
}

TEST_F(AuthenticatorTest, revoked_and_expired_keys_are_refused_from_the_next_request_on) {
  now_ = 5000;
  EXPECT_FALSE(authenticator_->authenticate("Bearer " + made_.raw));
  now_ = 4999;
  EXPECT_TRUE(authenticator_->authenticate("Bearer " + made_.raw));
  ASSERT_TRUE(store::KeyRepository(*database_).revoke("key", now_));
  EXPECT_FALSE(authenticator_->authenticate("Bearer " + made_.raw));
}

TEST_F(AuthenticatorTest, S08_the_database_files_never_hold_the_raw_key) {
  ASSERT_TRUE(authenticator_->authenticate("Bearer " + made_.raw));
  for (const auto& entry : std::filesystem::directory_iterator(dir_)) {
    FILE* file = std::fopen(entry.path().c_str(), "rb");
    ASSERT_NE(file, nullptr);
    std::string bytes(std::filesystem::file_size(entry.path()), '\0');
    ASSERT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
    std::fclose(file);
    EXPECT_EQ(bytes.find(made_.raw.substr(kPrefixLength, 20)), std::string::npos) << entry.path();
  }
}

TEST(UrlSigner, S20_a_signature_fits_one_method_path_and_time_only) {
  std::array<std::uint8_t, 32> bytes{};
  bytes[0] = 7;
  const UrlSigner signer(bytes);
  const std::string query = signer.query("GET", "/v1/previews/job_a/0.png", 2000);
  const std::string signature = query.substr(query.find("signature=") + 10);
  EXPECT_EQ(query, "?expires=2000&signature=" + signature);
  EXPECT_EQ(signature.size(), 64u);
  EXPECT_TRUE(signer.allows("GET", "/v1/previews/job_a/0.png", "2000", signature, 1999));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/0.png", "2000", signature, 2000));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/1.png", "2000", signature, 1999));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_b/0.png", "2000", signature, 1999));
  EXPECT_FALSE(signer.allows("PUT", "/v1/previews/job_a/0.png", "2000", signature, 1999));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/0.png", "2001", signature, 1999));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/0.png", "2000 ", signature, 1999));
  EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/0.png", "2000", "", 1999));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string altered = signature;
    altered[i] = altered[i] == '0' ? '1' : '0';
    EXPECT_FALSE(signer.allows("GET", "/v1/previews/job_a/0.png", "2000", altered, 1999));
  }
  bytes[0] = 8;
  EXPECT_FALSE(UrlSigner(bytes).allows("GET", "/v1/previews/job_a/0.png", "2000", signature, 1999));
}

TEST(KeyFile, is_made_once_for_the_owner_only_and_kept) {
  const auto path =
      std::filesystem::temp_directory_path() / ("cadlens-key-" + std::to_string(::getpid()));
  const auto made = load_or_make_key(path.string());
  ASSERT_TRUE(made);
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(load_or_make_key(path.string()).value(), *made);
  std::filesystem::resize_file(path, 31);
  const auto broken = load_or_make_key(path.string());
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::integrity);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace cad::auth
