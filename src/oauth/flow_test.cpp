// SPDX-License-Identifier: Apache-2.0
// Sign-in as a whole, and attacks on its two redirects. Attacks on tokens: openid_test.cpp.
#include "oauth/flow.hpp"

#include "crypto/hash.hpp"
#include "oauth/testing/fixture.hpp"

namespace cad::oauth {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Oauth, S13_a_sign_in_with_an_OpenID_provider) {
  const Browser browser = start("google");
  Parameters asked = query_of(browser.started.authorization_url);
  EXPECT_THAT(browser.started.authorization_url, StartsWith("https://op.example/authorize?"));
  EXPECT_EQ(asked["response_type"], "code");
  EXPECT_EQ(asked["client_id"], "client-1");
  EXPECT_EQ(asked["redirect_uri"], "https://cad.example/v1/auth/cb");
  EXPECT_EQ(asked["scope"], "openid email profile");
  EXPECT_EQ(asked["code_challenge_method"], "S256");
  for (const char* name : {"state", "nonce", "code_challenge"})
    EXPECT_EQ(crypto::from_base64url(asked[name]).value_or("").size(), 32u) << name;
  const auto done = finish("google", browser);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->identity.provider, "google");
  EXPECT_EQ(done->identity.issuer, "https://op.example");
  EXPECT_EQ(done->identity.subject, "user-1");
  EXPECT_EQ(done->identity.verified_email, "ann@example.com");
  EXPECT_EQ(done->identity.name, "Ann");
  EXPECT_EQ(done->purpose, store::OauthPurpose::sign_in);
}

TEST_F(Oauth, S13_a_sign_in_with_GitHub) {
  const Browser browser = start("github");
  Parameters asked = query_of(browser.started.authorization_url);
  EXPECT_EQ(asked["scope"], "read:user user:email");
  EXPECT_EQ(asked.count("nonce"), 0u);
  const auto done = finish("github", browser);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->identity.issuer, "https://github.example");
  EXPECT_EQ(done->identity.subject, "42");
  EXPECT_EQ(done->identity.verified_email, "ann@example.com");
}

TEST_F(Oauth, S13_the_verifier_that_is_sent_is_the_challenges) {
  for (const char* name : {"google", "github"}) {
    const Browser browser = start(name);
    ASSERT_TRUE(finish(name, browser));
    std::string form;
    for (const Fetch& request : provider_.requests)
      if (request.form) form = *request.form;
    const std::string verifier = read_form(form)["code_verifier"];
    EXPECT_EQ(verifier.size(), 43u);
    EXPECT_EQ(query_of(browser.started.authorization_url)["code_challenge"],
              crypto::to_base64url(crypto::as_bytes(crypto::sha256(verifier))));
    EXPECT_THAT(browser.started.authorization_url, Not(HasSubstr(verifier)));
  }
}

TEST_F(Oauth, S13_nothing_that_is_stored_could_finish_a_sign_in) {
  const Browser browser = start("google");
  Parameters asked = query_of(browser.started.authorization_url);
  const auto rows = database_->read("SELECT * FROM oauth_states", {}).value();
  std::string all;
  for (std::size_t column = 0; column < 12; ++column) all += rows.rows.at(0).text(column) + "\n";
  ASSERT_TRUE(finish("google", browser));
  const std::string verifier = read_form(*provider_.requests.at(1).form)["code_verifier"];
  for (const std::string& secret : {asked["state"], asked["nonce"], browser.started.binding,
                                    verifier, *browser.callback.code}) {
    ASSERT_GE(secret.size(), 16u);
    EXPECT_THAT(all, Not(HasSubstr(secret)));
  }
}

TEST_F(Oauth, S13_a_state_works_once_even_when_it_failed) {
  const Browser browser = start("google");
  ASSERT_TRUE(finish("google", browser));
  expect_refused("google", browser, ErrorCode::invalid_argument, kUnknown);
  Browser failed = start("google");
  failed.callback.code = "code-of-nobody";
  expect_refused("google", failed, ErrorCode::integrity, "(invalid_grant)");
  failed.callback.code = provider_.agree(failed.started.authorization_url);
  expect_refused("google", failed, ErrorCode::invalid_argument, kUnknown);
}

TEST_F(Oauth, S13_the_state_of_another_browser_is_refused) {
  for (const std::string& binding :
       {std::string(), std::string("x"), start("google").started.binding}) {
    Browser browser = start("google");
    browser.started.binding = binding;
    const auto done = finish("google", browser);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr(kUnknown));
  }
  EXPECT_EQ(provider_.count("/token"), 0) << "the code is not spent for a stranger";
}

TEST_F(Oauth, S13_the_state_of_another_provider_is_refused) {
  expect_refused("github", start("google"), ErrorCode::invalid_argument, kUnknown);
  expect_refused("google", start("github"), ErrorCode::invalid_argument, kUnknown);
  EXPECT_EQ(provider_.count("/token") + provider_.count("/access_token"), 0)
      << "a code went to the wrong provider";
}

TEST_F(Oauth, S13_a_state_ends_after_ten_minutes) {
  Browser browser = start("github");
  now_ += 600'000 - 1;
  EXPECT_TRUE(finish("github", browser));
  browser = start("github");
  now_ += 600'000;
  expect_refused("github", browser, ErrorCode::invalid_argument, kUnknown);
  start("github");
  now_ += 600'000;
  EXPECT_EQ(sign_in_->sweep().value(), 1);
}

TEST_F(Oauth, S13_an_unknown_or_malformed_state_is_refused) {
  for (const std::string& state : {std::string(), std::string("x"), std::string(43, 'A'),
                                   std::string(1 << 20, 'A'), std::string("' OR 1=1 --")}) {
    Browser browser = start("github");
    browser.callback.state = state;
    EXPECT_THAT(finish("github", browser).error().message, HasSubstr(kUnknown));
  }
}

TEST_F(Oauth, S13_an_answer_of_another_issuer_is_refused) {
  for (const char* name : {"google", "github"}) {
    Browser browser = start(name);
    browser.callback.iss = "https://evil.example";
    expect_refused(name, browser, ErrorCode::invalid_argument, "is not G");
  }
  Browser named = start("google");
  named.callback.iss = "https://op.example";
  EXPECT_TRUE(finish("google", named));
  named = start("github");
  named.callback.iss = "https://github.example/login/oauth";
  EXPECT_TRUE(finish("github", named));
}

TEST_F(Oauth, S13_a_promised_issuer_must_be_there) {
  provider_.discovery["authorization_response_iss_parameter_supported"] = true;
  expect_refused("google", start("google"), ErrorCode::invalid_argument, "does not say");
  Browser named = start("google");
  named.callback.iss = "https://op.example";
  EXPECT_TRUE(finish("google", named));
}

TEST_F(Oauth, S13_a_refusal_is_told_without_the_providers_words) {
  Browser browser = start("google");
  browser.callback.error = "access_denied";
  expect_refused("google", browser, ErrorCode::invalid_argument,
                 "The sign-in was cancelled at Google.");
  browser = start("google");
  browser.callback.error = "invalid_scope";
  expect_refused("google", browser, ErrorCode::invalid_argument, "(invalid_scope)");
  browser = start("google");
  browser.callback.error = "<script>alert(1)</script>";
  expect_refused("google", browser, ErrorCode::invalid_argument, "(another_error)");
  browser = start("google");
  browser.callback.code.reset();
  expect_refused("google", browser, ErrorCode::invalid_argument, "has no code");
}

TEST_F(Oauth, S13_what_began_comes_back_at_its_end) {
  Begin what = beginning();
  what.invite = "welcome";
  what.return_to = "/app?tab=1";
  Started started = sign_in_->begin("github", what).value();
  Callback callback{query_of(started.authorization_url)["state"]};
  callback.code = provider_.agree(started.authorization_url);
  auto done = sign_in_->finish("github", callback, started.binding).value();
  EXPECT_EQ(done.invite_hash, crypto::sha256_hex("welcome"));
  EXPECT_EQ(done.return_to, "/app?tab=1");
  EXPECT_FALSE(done.account_id);

  what = beginning();
  what.purpose = store::OauthPurpose::link;
  what.link_account_id = "acc_1";
  EXPECT_EQ(sign_in_->begin("github", what).error().code, ErrorCode::internal);
  what.link_session_id = "ses_1";
  started = sign_in_->begin("github", what).value();
  callback = {query_of(started.authorization_url)["state"]};
  callback.code = provider_.agree(started.authorization_url);
  done = sign_in_->finish("github", callback, started.binding).value();
  EXPECT_EQ(done.purpose, store::OauthPurpose::link);
  EXPECT_EQ(done.account_id, "acc_1");
}

TEST_F(Oauth, S13_one_returns_to_this_site_alone) {
  for (const char* place : {"https://evil.example/", "//evil.example", "/\\evil.example", "app",
                            "/a b", "/a\r\nSet-Cookie: x", ""}) {
    Begin what = beginning();
    what.return_to = place;
    EXPECT_EQ(sign_in_->begin("github", what).error().code, ErrorCode::invalid_argument) << place;
  }
  EXPECT_EQ(waiting(), 0);
}

TEST_F(Oauth, S13_a_provider_that_is_not_configured_is_not_offered) {
  EXPECT_THAT(sign_in_->offered(), testing::ElementsAre("google", "github"));
  EXPECT_EQ(sign_in_->begin("apple", beginning()).error().code, ErrorCode::not_found);
  EXPECT_EQ(sign_in_->finish("", {"x"}, "").error().code, ErrorCode::not_found);
}

TEST_F(Oauth, S13_sign_ins_that_wait_for_a_provider_are_bounded) {
  int under_way = 0;
  Error last;
  // Each waits for the next one.
  provider_.tamper = [&](const Fetch& request, Result<Fetched>&) {
    if (!request.form) return;
    ++under_way;
    const auto started = sign_in_->begin("github", beginning());
    if (!started) {
      last = started.error();
      return;
    }
    Callback callback{query_of(started->authorization_url)["state"]};
    callback.code = "code-of-nobody";
    EXPECT_FALSE(sign_in_->finish("github", callback, started->binding));
  };
  EXPECT_TRUE(sign_in("github"));
  EXPECT_EQ(under_way, kMostAtOnce);
  EXPECT_EQ(last.code, ErrorCode::unavailable);
  provider_.tamper = nullptr;
  EXPECT_TRUE(sign_in("github"));
}

TEST_F(Oauth, S13_a_rotated_master_key_ends_no_sign_in) {
  const Browser browser = start("google");
  masters_ = secrets::KeySource::fixed(masters_->now()->rotated("test", std::nullopt));
  sign_in_ = make();
  EXPECT_TRUE(finish("google", browser));
}

TEST_F(Oauth, S13_a_state_moved_to_another_row_does_not_open) {
  const Browser first = start("google"), second = start("google");
  ASSERT_TRUE(
      database_->write("UPDATE oauth_states SET sealed ="
                       " (SELECT sealed FROM oauth_states WHERE state_hash = $1)",
                       {crypto::sha256_hex(first.callback.state)}));
  EXPECT_EQ(finish("google", second).error().code, ErrorCode::internal);
}

}  // namespace
}  // namespace cad::oauth
