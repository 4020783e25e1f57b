// SPDX-License-Identifier: Apache-2.0
// A SignIn over a fresh database and the fake providers.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "oauth/flow.hpp"
#include "oauth/testing/fake_provider.hpp"
#include "store/repositories.hpp"

namespace cad::oauth {

class Oauth : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-oauth-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    ASSERT_TRUE(store::KeyRepository(*database_).insert_account("acc_1", "ann", 1));
    ASSERT_TRUE(
        database_->write("INSERT INTO sessions (id, account_id, user_agent, address, created_at,"
                         " last_used_at, expires_at) VALUES ('ses_1','acc_1','','',1,1,2)",
                         {}));
    provider_.now = now_ / 1000;
    sign_in_ = make();
  }
  void TearDown() override {
    sign_in_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  std::unique_ptr<SignIn> make(const Settings& settings = settings_of()) {
    return std::make_unique<SignIn>(*database_, masters_, provider_,
                                    make_providers(settings, secrets_of()).value(),
                                    [this] { return now_; });
  }
  static Settings settings_of() {
    Settings out;
    out.google_client_id = "client-1";
    out.google_issuer = FakeProvider::kIssuer;
    out.github_client_id = "client-2";
    out.github_authorize_url = std::string(FakeProvider::kGithub) + "authorize";
    out.github_token_url = std::string(FakeProvider::kGithub) + "access_token";
    out.github_api_url = FakeProvider::kApi;
    return out;
  }
  static ClientSecrets secrets_of() {
    ClientSecrets out;
    std::string one = FakeProvider::kSecret, two = one;
    out.google = Secret::from_text(one);
    out.github = Secret::from_text(two);
    return out;
  }

  struct Browser {
    Started started;
    Callback callback;  // with the state, and the code once the user agreed
  };
  static Begin beginning() { return {.redirect_uri = "https://cad.example/v1/auth/cb"}; }
  Browser start(const std::string& provider) {
    Browser out;
    out.started = sign_in_->begin(provider, beginning()).value();
    out.callback.state = query_of(out.started.authorization_url)["state"];
    out.callback.code = provider_.agree(out.started.authorization_url);
    return out;
  }
  Result<SignedIn> finish(const std::string& provider, const Browser& browser) {
    return sign_in_->finish(provider, browser.callback, browser.started.binding);
  }
  Result<SignedIn> sign_in(const std::string& provider) {
    return finish(provider, start(provider));
  }

  // Refused, and the state is used up.
  void expect_refused(const std::string& provider, const Browser& browser, ErrorCode code,
                      const std::string& why) {
    const auto done = finish(provider, browser);
    ASSERT_FALSE(done) << why;
    EXPECT_EQ(done.error().code, code) << done.error().message;
    EXPECT_THAT(done.error().message, testing::HasSubstr(why));
    EXPECT_EQ(waiting(), 0);
  }
  void expect_token_refused(const std::string& why) {
    expect_refused("google", start("google"), ErrorCode::integrity, why);
  }
  std::int64_t waiting() {
    return database_->read("SELECT COUNT(*) FROM oauth_states", {})->rows.at(0).integer(0);
  }

  static constexpr const char* kUnknown = "was not started in this browser";

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::shared_ptr<secrets::KeySource> masters_ = secrets::KeySource::fixed(
      secrets::KeyRing::of_one(crypto::as_bytes(crypto::random_key()).first<32>(), "test"));
  std::int64_t now_ = 1'800'000'000'000;
  FakeProvider provider_;
  std::unique_ptr<SignIn> sign_in_;
};

}  // namespace cad::oauth
