// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "auth/allowed_networks.hpp"
#include "auth/api_key.hpp"
#include "auth/authenticator.hpp"
#include "auth/url_signer.hpp"
#include "store/users.hpp"

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
    const auto clock = [this] { return now_; };
    tokens_ = open_tokens();
    authenticator_ = std::make_unique<Authenticator>(*database_, *tokens_, clock);
  }
  // As a node would that starts on the same database.
  std::unique_ptr<SessionTokens> open_tokens(const std::string& issuer = "https://cad.test") {
    return SessionTokens::open(*database_, {masters_, kSessionKeyUse}, issuer,
                               [this] { return now_; })
        .value();
  }
  tl::expected<Principal, Refusal> ask(std::optional<std::string_view> header,
                                       std::string_view from = "192.0.2.1") {
    return authenticator_->authenticate({header, std::nullopt, from});
  }
  // A session of the account "acc"; its access token.
  std::string begin_session(const std::string& id) {
    const store::SessionRecord session{id, "acc", "agent", "192.0.2.1", now_, now_, now_ + kDay};
    EXPECT_TRUE(store::SessionRepository(*database_)
                    .insert(session, {"hash of " + id, id, now_, now_ + kDay}, "key_dashboard"));
    return tokens_->issue({id, "acc"}).value();
  }
  void TearDown() override {
    authenticator_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  crypto::Key256 master_key_ = crypto::random_key();
  static constexpr store::UnixMs kDay = 86'400'000;

  NewKey made_ = make_api_key();
  std::shared_ptr<secrets::KeySource> masters_ = secrets::KeySource::fixed(
      secrets::KeyRing::of_one(std::as_bytes(std::span(master_key_)), "test"));
  store::ApiKey stored_;
  store::UnixMs now_ = 1000;
  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<SessionTokens> tokens_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, a_right_key_gives_its_principal_and_scopes) {
  const auto who = ask("Bearer " + made_.raw, "192.0.2.1");
  ASSERT_TRUE(who);
  EXPECT_EQ(who->key_id, "key");
  EXPECT_TRUE(who->has(Scope::read));
  EXPECT_FALSE(who->has(Scope::parse));
  EXPECT_FALSE(who->has(Scope::remove));
  EXPECT_TRUE(ask("bearer " + made_.raw, "192.0.2.1"));
}

TEST_F(AuthenticatorTest, everything_else_is_refused) {
  EXPECT_FALSE(ask(std::nullopt, "192.0.2.1"));
  for (const std::string& header :
       {std::string(), made_.raw, "Basic " + made_.raw, std::string("Bearer"),
        "Bearer " + make_api_key().raw, "Bearer " + made_.hash})
    EXPECT_FALSE(ask(header, "192.0.2.1")) << header;
}

TEST_F(AuthenticatorTest, revoked_and_expired_keys_are_refused_from_the_next_request_on) {
  now_ = 5000;
  EXPECT_FALSE(ask("Bearer " + made_.raw, "192.0.2.1"));
  now_ = 4999;
  EXPECT_TRUE(ask("Bearer " + made_.raw, "192.0.2.1"));
  ASSERT_TRUE(store::KeyRepository(*database_).revoke("key", now_));
  EXPECT_FALSE(ask("Bearer " + made_.raw, "192.0.2.1"));
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
    EXPECT_TRUE(ask(header, from)) << from;
  for (const char* from : {"192.0.3.1", "2001:db9::1", "unix", "", "127.0.0.1", "192.0.2.1 "}) {
    const auto who = ask(header, from);
    ASSERT_FALSE(who) << from;
    EXPECT_EQ(who.error().why, Refusal::Why::forbidden);
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

TEST_F(AuthenticatorTest, a_suspended_account_is_refused_whoever_asks) {
  const std::string token = begin_session("ses_1");
  ASSERT_TRUE(database_->write("UPDATE accounts SET suspended_at = 5", {}));
  for (const std::string& bearer : {made_.raw, token}) {
    const auto who = ask("Bearer " + bearer);
    ASSERT_FALSE(who);
    EXPECT_EQ(who.error().why, Refusal::Why::forbidden);
    EXPECT_EQ(who.error().code, "ACCOUNT_SUSPENDED");
  }
}

TEST_F(AuthenticatorTest, S11_a_session_acts_for_its_account) {
  const auto who = ask("Bearer " + begin_session("ses_1"));
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_TRUE(who->is_session());
  EXPECT_EQ(who->account_id, "acc");
  EXPECT_EQ(who->key_id, "key_dashboard");
  EXPECT_TRUE(who->has(Scope::remove));
  EXPECT_TRUE(who->viewer().whole_account);
  // One dashboard key an account, whoever signs in how often.
  begin_session("ses_2");
  EXPECT_EQ(database_->read("SELECT id FROM api_keys WHERE kind = 'dashboard'", {})->rows.size(),
            1u);
}

TEST_F(AuthenticatorTest, S11_an_access_token_ends_after_two_hours_or_with_its_session) {
  const std::string header = "Bearer " + begin_session("ses_1");
  const std::string other = "Bearer " + begin_session("ses_2");
  EXPECT_TRUE(ask(header));
  ASSERT_TRUE(store::SessionRepository(*database_).end("acc", "ses_1"));
  EXPECT_FALSE(ask(header));
  now_ += 2 * 3'600'000 - 1000;
  EXPECT_TRUE(ask(other));
  now_ += 1000;
  EXPECT_FALSE(ask(other));
}

TEST_F(AuthenticatorTest, S11_tokens_of_other_issuers_keys_uses_and_accounts_are_refused) {
  begin_session("ses_1");
  const std::string good = tokens_->issue({"ses_1", "acc"}).value();
  EXPECT_TRUE(ask("Bearer " + good));
  EXPECT_FALSE(ask("Bearer " + open_tokens("https://other.test")->issue({"ses_1", "acc"}).value()));
  EXPECT_FALSE(ask("Bearer " + tokens_->issue({"ses_1", "other"}).value()));
  EXPECT_FALSE(ask("Bearer " + tokens_->issue({"ses_9", "acc"}).value()));
  const auto strange = jose::SigningKey::generate().value();
  const std::string payload = R"({"iss":"https://cad.test","aud":"cadlens-api","sub":"acc",)"
                              R"("sid":"ses_1","iat":1,"exp":99999999})";
  EXPECT_FALSE(ask("Bearer " + jose::sign(strange, payload, "at+jwt").value()));
  // Of our own key, and of another use: what the key is must be taken from the database for that.
  const auto stored = store::SessionKeyRepository(*database_).list().value().front();
  const secrets::SealedBox box(masters_, kSessionKeyUse);
  std::string opened = box.open(stored.sealed, stored.kid).value();
  const Secret jwk = Secret::from_text(opened);
  const auto own = jose::SigningKey::from_private_jwk(jwk).value();
  EXPECT_TRUE(ask("Bearer " + jose::sign(own, payload, "at+jwt").value()));
  for (const char* type : {"JWT", "", "id+jwt"})
    EXPECT_FALSE(ask("Bearer " + jose::sign(own, payload, type).value())) << type;
  for (std::string claims : {R"({"iss":"https://cad.test","aud":"other","sub":"acc",)"
                             R"("sid":"ses_1","iat":1,"exp":99999999})",
                             R"({"iss":"https://cad.test","aud":"cadlens-api","sub":"acc",)"
                             R"("sid":"ses_1","iat":1})",
                             R"({"iss":"https://cad.test","aud":"cadlens-api","sub":"acc",)"
                             R"("iat":1,"exp":99999999})"})
    EXPECT_FALSE(ask("Bearer " + jose::sign(own, claims, "at+jwt").value())) << claims;
}

TEST_F(AuthenticatorTest, S11_signing_keys_rotate_without_logging_anyone_out) {
  const std::string before = "Bearer " + begin_session("ses_1");
  const secrets::SealedBox box(masters_, kSessionKeyUse);
  const std::string kid = rotate_session_key(*database_, box, now_).value();
  const auto fresh = open_tokens();
  const std::string after = "Bearer " + fresh->issue({"ses_1", "acc"}).value();
  EXPECT_NE(fresh->jwks()->find(kid), std::string::npos);
  EXPECT_EQ(fresh->jwks()->find("\"d\""), std::string::npos);
  EXPECT_TRUE(ask(before));
  // This node has not heard of the new key yet: it looks once more, at most once a second.
  for (int i = 0; i < 300 && !ask(after); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(ask(after));
  EXPECT_TRUE(ask(before));
  // When no token of the old key can be good any more, it is gone from the set.
  now_ += 3 * 3'600'000;
  EXPECT_EQ(nlohmann::json::parse(open_tokens()->jwks().value())["keys"].size(), 1u);
}

TEST_F(AuthenticatorTest, S11_session_keys_follow_the_master_key) {
  const secrets::SealedBox old_box(masters_, kSessionKeyUse);
  const auto rotated = secrets::KeySource::fixed(masters_->now()->rotated("test", std::nullopt));
  ASSERT_TRUE(reseal_session_keys(*database_, {rotated, kSessionKeyUse}));
  const auto stored = store::SessionKeyRepository(*database_).list().value().front();
  EXPECT_FALSE(old_box.open(stored.sealed, stored.kid));
  const secrets::SealedBox new_box(secrets::KeySource::fixed(rotated->now()->current_only()),
                                   kSessionKeyUse);
  EXPECT_TRUE(new_box.open(stored.sealed, stored.kid));
  EXPECT_FALSE(new_box.open(stored.sealed, "another"));
}

TEST_F(AuthenticatorTest, S12_a_refresh_token_works_once_and_its_reuse_ends_the_session) {
  using Outcome = store::Rotation::Outcome;
  store::SessionRepository sessions(*database_);
  begin_session("ses_1");
  const auto rotate = [&](const std::string& hash, const std::string& next) {
    return sessions.rotate(hash, {next, "", now_, now_ + 7 * kDay}, now_).value();
  };
  EXPECT_EQ(rotate("unknown", "x").outcome, Outcome::unknown);
  EXPECT_EQ(rotate("hash of ses_1", "second").outcome, Outcome::rotated);
  EXPECT_EQ(rotate("second", "third").outcome, Outcome::rotated);
  EXPECT_TRUE(sessions.find("ses_1", now_));
  const auto stolen = rotate("hash of ses_1", "thief");
  EXPECT_EQ(stolen.outcome, Outcome::reused);
  EXPECT_EQ(stolen.account_id, "acc");
  EXPECT_FALSE(sessions.find("ses_1", now_));
  EXPECT_EQ(rotate("third", "fourth").outcome, Outcome::unknown);  // the whole family is gone
}

TEST_F(AuthenticatorTest, S12_a_refresh_token_ends_in_time_and_never_outlives_its_session) {
  using Outcome = store::Rotation::Outcome;
  store::SessionRepository sessions(*database_);
  begin_session("ses_1");  // a day
  now_ += kDay / 2;
  EXPECT_EQ(sessions.rotate("hash of ses_1", {"next", "", now_, now_ + 7 * kDay}, now_)->outcome,
            Outcome::rotated);
  now_ += kDay / 2;
  EXPECT_EQ(sessions.rotate("next", {"last", "", now_, now_ + 7 * kDay}, now_)->outcome,
            Outcome::expired);
  EXPECT_EQ(sessions.remove_expired(now_), 1);
}

TEST_F(AuthenticatorTest, S12_what_comes_of_a_password_ends_with_it) {
  store::UserRepository users(*database_);
  store::User user;
  user.account_id = "acc";
  user.uuid = "u";
  user.email = user.email_key = "a@b.test";
  user.password_hash = "first";
  user.primary_provider = "password";
  ASSERT_TRUE(users.attach(user));
  begin_session("ses_1");
  store::SessionRepository sessions(*database_);
  const auto begin = [&](const std::string& id, const std::string& hash) {
    const store::SessionRecord session{id, "acc", "", "", now_, now_, now_ + kDay};
    return sessions.insert(session, {"token of " + id, id, now_, now_ + kDay}, "key", hash);
  };
  const store::AccountToken link{.hash = "link", .account_id = "acc", .expires_at = now_ + kDay};
  // Somebody's password was being compared while it was changed.
  ASSERT_TRUE(users.set_password("acc", {}, "second", "ses_1", now_).value());
  EXPECT_EQ(begin("ses_2", "first").error().code, ErrorCode::conflict);
  EXPECT_TRUE(begin("ses_3", "second"));
  EXPECT_FALSE(users.add(link, "first").value());
  EXPECT_FALSE(users.set_password("acc", "first", "third", "ses_1", now_).value());
  EXPECT_FALSE(users.set_password("acc", "second", "third", "ses_9", now_).value());
  EXPECT_TRUE(users.add(link, "second").value());
  EXPECT_TRUE(users.set_password("acc", "second", "third", "ses_1", now_).value());
  EXPECT_FALSE(sessions.find("ses_3", now_));
  EXPECT_FALSE(users.find_token("link", store::TokenUse::reset_password, now_));
  EXPECT_EQ(users.find("acc")->password_hash, "third");
}

TEST_F(AuthenticatorTest, S08_the_database_files_never_hold_the_raw_key) {
  ASSERT_TRUE(ask("Bearer " + made_.raw, "192.0.2.1"));
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
