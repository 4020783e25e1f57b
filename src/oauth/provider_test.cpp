// SPDX-License-Identifier: Apache-2.0
#include "oauth/provider.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "oauth/endpoint_url.hpp"

namespace cad::oauth {
namespace {

using testing::HasSubstr;

ClientSecrets secrets_of(bool google, bool github) {
  ClientSecrets out;
  std::string one = "g-secret", two = "h-secret";
  if (google) out.google = Secret::from_text(one);
  if (github) out.github = Secret::from_text(two);
  return out;
}
Settings settings_of(const std::string& google, const std::string& github) {
  Settings out;
  out.google_client_id = google;
  out.github_client_id = github;
  return out;
}

TEST(Provider, S13_is_offered_with_an_id_and_a_secret_alone) {
  EXPECT_TRUE(make_providers(settings_of("", ""), {}).value().empty());
  const auto both = make_providers(settings_of("g", "h"), secrets_of(true, true)).value();
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].issuer(), "https://accounts.google.com");
  EXPECT_EQ(both[0].client_secret.text(), "g-secret");
  EXPECT_EQ(both[1].issuer(), "https://github.com");
  EXPECT_EQ(make_providers(settings_of("", "h"), secrets_of(false, true)).value().size(), 1u);
  const auto missing = make_providers(settings_of("g", ""), {});
  EXPECT_THAT(missing.error().message, HasSubstr("CADLENS_OAUTH_GOOGLE_CLIENT_SECRET_FILE"));
  const auto alone = make_providers(settings_of("", ""), secrets_of(false, true));
  EXPECT_THAT(alone.error().message, HasSubstr("--oauth-github-client-id is not"));
  EXPECT_FALSE(make_providers(settings_of("g\n", ""), secrets_of(true, false)));
}

TEST(Provider, S13_its_endpoints_are_https_or_on_this_machine) {
  Settings settings = settings_of("g", "h");
  settings.google_issuer = "http://127.0.0.1:9000";
  settings.github_api_url = "http://[::1]:9000/api/";
  const auto made = make_providers(settings, secrets_of(true, true));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(std::get<GitHub>(made->at(1).kind).api_url, "http://[::1]:9000/api");
  for (std::string Settings::*member : {&Settings::google_issuer, &Settings::github_authorize_url,
                                        &Settings::github_token_url, &Settings::github_api_url}) {
    Settings bad = settings_of("g", "h");
    bad.*member = "http://provider.example/x";
    EXPECT_EQ(make_providers(bad, secrets_of(true, true)).error().code,
              ErrorCode::invalid_argument);
  }
}

TEST(Provider, S13_secrets_come_from_the_environment_and_leave_it) {
  ::setenv("CADLENS_OAUTH_GITHUB_CLIENT_SECRET", "from the environment", 1);
  const auto taken = client_secrets_from_environment();
  ASSERT_TRUE(taken);
  EXPECT_FALSE(taken->google);
  EXPECT_EQ(taken->github->text(), "from the environment");
  EXPECT_EQ(std::getenv("CADLENS_OAUTH_GITHUB_CLIENT_SECRET"), nullptr);
}

TEST(EndpointUrl, S13_what_two_readers_could_read_differently_is_refused) {
  for (const char* good :
       {"https://op.example", "https://op.example:8443/a/b?c=d", "http://localhost:1/x",
        "http://127.0.0.1", "http://[::1]:80/", "https://[2001:db8::1]/"})
    EXPECT_TRUE(check_endpoint(good, "The URL")) << good;
  for (const char* bad : {"",
                          "op.example",
                          "https://",
                          "https:///x",
                          "https://op.example#f",
                          "https://a@b/",
                          "https://op.example\\@evil",
                          "https://op.example:0/",
                          "https://op.example:65536/",
                          "https://op.example:/",
                          "https://op.example:8x/",
                          "https://OP.example/",
                          "https://[::1",
                          "https://[op]/",
                          "https://[::1]x/",
                          "http://localhost.evil.example/",
                          "http://0.0.0.0/",
                          "http://10.0.0.1/",
                          "http://127.0.0.1.evil.example/",
                          "https://op.example/ x",
                          "https://op.example/\n",
                          "https://\xc3\xb6p.example/",
                          "ftp://op.example/"})
    EXPECT_FALSE(check_endpoint(bad, "The URL")) << bad;
  EXPECT_FALSE(check_endpoint("https://op.example/" + std::string(500, 'x'), "The URL"));
  EXPECT_FALSE(check_issuer("https://op.example?x=1"));
  EXPECT_EQ(check_endpoint("https://op.example:8443/a", "The URL")->origin,
            "https://op.example:8443");
}

}  // namespace
}  // namespace cad::oauth
