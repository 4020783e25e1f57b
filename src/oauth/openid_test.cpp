// SPDX-License-Identifier: Apache-2.0
// Attacks of a provider, or of somebody in its place: documents, tokens, people.
#include "oauth/openid.hpp"

#include "crypto/hash.hpp"
#include "jose/token.hpp"
#include "oauth/testing/fixture.hpp"

namespace cad::oauth {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string encoded(const std::string& text) {
  return crypto::to_base64url(crypto::as_bytes(text));
}

TEST_F(Oauth, S13_claims_that_are_not_for_this_sign_in_are_refused) {
  const json honest = provider_.claims;
  const std::int64_t now = now_ / 1000;
  const std::vector<std::pair<json, std::string>> attacks = {
      {{{"nonce", "another"}}, "nonce"},
      {{{"nonce", nullptr}}, "nonce"},
      {{{"iss", "https://evil.example"}}, "issued by somebody else"},
      {{{"iss", "https://op.example/"}}, "issued by somebody else"},
      {{{"aud", "client-9"}}, "another audience"},
      {{{"aud", {"client-9", "client-1"}}}, "another party"},
      {{{"azp", "client-9"}}, "another party"},
      {{{"exp", now - 61}}, "expired"},
      {{{"exp", nullptr}}, "\"exp\""},
      {{{"iat", now - 661}}, "too old"},
      {{{"iat", now + 61}}, "in the future"},
      {{{"iat", "now"}}, "\"iat\""},
      {{{"sub", ""}}, "no subject"},
      {{{"sub", 7}}, "no subject"},
      {{{"sub", std::string(256, 's')}}, "no subject"},
      {{{"at_hash", "AAAAAAAAAAAAAAAAAAAAAA"}}, "access token"},
      {{{"at_hash", 1}}, "access token"}};
  for (const auto& [change, why] : attacks) {
    provider_.claims = honest;
    provider_.claims.update(change);
    expect_token_refused(why);
  }
}

TEST_F(Oauth, S13_claims_that_are_good_in_other_words_are_taken) {
  const std::string hash =
      encoded(std::string(reinterpret_cast<const char*>(crypto::sha256("at-1").data()), 16));
  for (const json& change : {json{{"at_hash", hash}}, json{{"aud", {"client-1"}}},
                             json{{"aud", {"client-1", "x"}}, {"azp", "client-1"}}}) {
    provider_.claims.update(change);
    const auto done = sign_in("google");
    EXPECT_TRUE(done) << change << done.error().message;
  }
}

TEST_F(Oauth, S13_tokens_with_no_or_another_signature_are_refused) {
  provider_.make_id_token = [](const json& claims) {
    return encoded(R"({"alg":"none"})") + "." + encoded(claims.dump()) + ".";
  };
  expect_token_refused("RS256");
  provider_.make_id_token = [](const json& claims) {
    const std::string input =
        encoded(json({{"alg", "HS256"}, {"kid", provider_key().kid()}}).dump()) + "." +
        encoded(claims.dump());
    const auto mac = crypto::hmac_sha256(provider_key().public_jwk(), input);
    return input + "." + crypto::to_base64url(crypto::as_bytes(mac));
  };
  expect_token_refused("RS256");
  provider_.make_id_token = [this](const json& claims) {
    std::string token = provider_.id_token(claims);
    token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
    return token;
  };
  expect_token_refused("signature");
  provider_.make_id_token = nullptr;
  provider_.signs_with = &strange_key();
  expect_token_refused("unknown key");
}

TEST_F(Oauth, S13_a_token_under_the_id_of_a_known_key_by_another_is_refused) {
  json lying = json::parse(strange_key().public_jwk());
  lying["kid"] = provider_key().kid();
  provider_.signs_with = &strange_key();
  provider_.make_id_token = [this](const json& claims) {
    const std::string token = provider_.id_token(claims);
    return encoded(json({{"alg", "RS256"}, {"kid", provider_key().kid()}}).dump()) +
           token.substr(token.find('.'));
  };
  expect_token_refused("signature");
}

TEST_F(Oauth, S13_another_kind_of_token_is_no_ID_token) {
  provider_.make_id_token = [](const json& claims) {
    return jose::sign(provider_key(), claims.dump(), "at+jwt").value();
  };
  expect_token_refused("another type");
  provider_.make_id_token = [](const json&) { return std::string("opaque"); };
  expect_token_refused("ID token");
  provider_.make_id_token = [](const json&) { return std::string(); };
  expect_token_refused("no ID token");
}

TEST_F(Oauth, S13_new_keys_are_fetched_but_not_as_often_as_somebody_likes) {
  ASSERT_TRUE(sign_in("google"));
  ASSERT_TRUE(sign_in("google"));
  EXPECT_EQ(provider_.count("/jwks"), 1);
  EXPECT_EQ(provider_.count("/openid-configuration"), 1);
  provider_.signs_with = &strange_key();  // not published yet
  expect_token_refused("unknown key");
  EXPECT_EQ(provider_.count("/jwks"), 1) << "within a minute";
  provider_.jwks["keys"].push_back(json::parse(strange_key().public_jwk()));
  now_ += 60'000;
  provider_.now += 60;
  EXPECT_TRUE(sign_in("google"));
  EXPECT_EQ(provider_.count("/jwks"), 2);
  now_ += 3'600'000;
  provider_.now += 3600;
  provider_.jwks["keys"].erase(1);  // withdrawn
  expect_token_refused("unknown key");
  EXPECT_EQ(provider_.count("/jwks"), 3);
  EXPECT_EQ(provider_.count("/openid-configuration"), 2);
}

TEST_F(Oauth, S13_a_mail_address_counts_only_when_it_is_verified) {
  for (const json& change : {json{{"email_verified", false}}, json{{"email_verified", "false"}},
                             json{{"email_verified", 1}}, json{{"email_verified", nullptr}},
                             json{{"email_verified", true}, {"email", "no address"}},
                             json{{"email_verified", true}, {"email", "a@b@c"}},
                             json{{"email_verified", true}, {"email", "a@b\r\nBcc: c@d"}},
                             json{{"email_verified", true}, {"email", 5}}}) {
    provider_.claims.update(change);
    const auto done = sign_in("google");
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_FALSE(done->identity.verified_email) << change;
  }
  provider_.claims.update({{"email_verified", "true"}, {"email", "ann@example.com"}});
  EXPECT_EQ(sign_in("google")->identity.verified_email, "ann@example.com");
  provider_.claims.erase("email_verified");
  EXPECT_FALSE(sign_in("google")->identity.verified_email);
}

TEST_F(Oauth, S13_a_name_is_shown_only_when_it_is_plain) {
  provider_.claims["name"] = "Ann\x1b[31m";
  EXPECT_EQ(sign_in("google")->identity.name, "");
  provider_.claims["name"] = std::string(201, 'a');
  EXPECT_EQ(sign_in("google")->identity.name, "");
}

TEST_F(Oauth, S13_GitHub_is_believed_its_number_and_its_verified_primary_address) {
  const json honest = provider_.github_emails;
  provider_.github_emails[1]["verified"] = false;
  EXPECT_FALSE(sign_in("github")->identity.verified_email) << "another one is not enough";
  provider_.github_emails = json::array();
  EXPECT_FALSE(sign_in("github")->identity.verified_email) << "the one in /user is not enough";
  provider_.github_emails = honest;
  provider_.github_emails[0]["primary"] = true;
  EXPECT_THAT(sign_in("github").error().message, HasSubstr("two primary"));
  provider_.github_emails = honest;
  provider_.github_user["id"] = 43;  // the login and the address changed hands
  EXPECT_EQ(sign_in("github")->identity.subject, "43");
  for (const json& id : {json("42"), json(-1), json(0), json(4.2), json()}) {
    provider_.github_user["id"] = id;
    EXPECT_EQ(sign_in("github").error().code, ErrorCode::integrity) << id;
  }
}

TEST_F(Oauth, S13_the_discovery_document_must_be_the_issuers_and_safe) {
  const json honest = provider_.discovery;
  const std::vector<std::pair<json, std::string>> attacks = {
      {{{"issuer", "https://evil.example"}}, "another issuer"},
      {{{"issuer", "https://op.example/"}}, "another issuer"},
      {{{"issuer", nullptr}}, "another issuer"},
      {{{"token_endpoint", "http://op.example/token"}}, "token_endpoint"},
      {{{"token_endpoint", "http://127.0.0.1:9/token"}}, "token_endpoint"},
      {{{"token_endpoint", "file:///etc/passwd"}}, "token_endpoint"},
      {{{"token_endpoint", nullptr}}, "token_endpoint"},
      {{{"jwks_uri", "https://op.example@evil.example/"}}, "jwks_uri"},
      {{{"authorization_endpoint", "javascript:alert(1)"}}, "authorization_endpoint"},
      {{{"authorization_endpoint", "https://op.example/\r\nX: y"}}, "authorization_endpoint"},
      {{{"code_challenge_methods_supported", {"plain"}}}, "S256"},
      {{{"token_endpoint_auth_methods_supported", {"private_key_jwt"}}}, "no client secret"}};
  for (const auto& [change, why] : attacks) {
    provider_.discovery = honest;
    provider_.discovery.update(change);
    sign_in_ = make();
    const auto begun = sign_in_->begin("google", beginning());
    ASSERT_FALSE(begun) << change;
    EXPECT_THAT(begun.error().message, HasSubstr(why));
    EXPECT_THAT(begun.error().message, Not(HasSubstr("evil")));
  }
}

TEST_F(Oauth, S13_the_secret_goes_as_the_provider_wants_it) {
  provider_.discovery["token_endpoint_auth_methods_supported"] = {"client_secret_post"};
  ASSERT_TRUE(sign_in("google"));
  const Fetch& post = provider_.requests.at(1);
  EXPECT_EQ(read_form(*post.form)["client_id"], "client-1");
  provider_.discovery.erase("token_endpoint_auth_methods_supported");
  sign_in_ = make();
  EXPECT_TRUE(sign_in("google"));
}

TEST_F(Oauth, S13_answers_that_are_no_tokens_are_refused_without_their_words) {
  const std::vector<std::pair<Fetched, std::string>> attacks = {
      {{302, ""}, "status 302"},
      {{200, "access_token=at-1&token_type=bearer"}, "no JSON"},
      {{200, R"({"error":"bad_verification_code","error_description":"SECRET"})"}, "(bad_ver"},
      {{200, R"({"error":"SECRET"})"}, "(another_error)"},
      {{200, R"({"access_token":"a","access_token":"SECRET","token_type":"bearer"})"}, "twice"},
      {{200, R"({"access_token":"a\r\nX: SECRET","token_type":"bearer"})"}, "no bearer token"},
      {{200, R"({"access_token":"SECRET","token_type":"mac"})"}, "no bearer token"},
      {{200, R"({"access_token":["SECRET"],"token_type":"bearer"})"}, "no bearer token"}};
  for (const auto& [answer, why] : attacks) {
    provider_.tamper = [&answer = answer](const Fetch& request, Result<Fetched>& out) {
      if (request.form) out = answer;
    };
    for (const char* name : {"google", "github"}) {
      const auto done = sign_in(name);
      ASSERT_FALSE(done) << why;
      EXPECT_EQ(done.error().code, ErrorCode::integrity);
      EXPECT_THAT(done.error().message, HasSubstr(why));
      EXPECT_THAT(done.error().message, Not(HasSubstr("SECRET")));
    }
  }
}

TEST_F(Oauth, S13_an_outage_is_told_and_not_asked_for_again_at_once) {
  provider_.tamper = [](const Fetch&, Result<Fetched>& out) {
    out = fail(ErrorCode::unavailable, "The sign-in provider did not answer in time.");
  };
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(sign_in_->begin("google", beginning()).error().code, ErrorCode::unavailable);
  EXPECT_EQ(provider_.requests.size(), 1u);
  provider_.tamper = nullptr;
  now_ += 10'000;
  EXPECT_TRUE(sign_in_->begin("google", beginning()));
  provider_.tamper = [](const Fetch& request, Result<Fetched>& out) {
    if (request.form) out = Fetched{503, "<html>"};
  };
  EXPECT_EQ(sign_in("google").error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace cad::oauth
