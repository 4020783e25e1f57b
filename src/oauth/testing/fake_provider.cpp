// SPDX-License-Identifier: Apache-2.0
#include "oauth/testing/fake_provider.hpp"

#include <cstdlib>

#include "crypto/hash.hpp"
#include "jose/token.hpp"

namespace cad::oauth {
namespace {

using nlohmann::json;

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += crypto::from_hex(text.substr(i + 1, 2)).value_or("?");
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

jose::SigningKey key() { return jose::SigningKey::generate().value(); }

bool has_header(const Fetch& request, const std::string& line) {
  for (const std::string& header : request.headers)
    if (header == line) return true;
  return false;
}

}  // namespace

Parameters read_form(std::string_view form) {
  Parameters out;
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const std::string_view field = form.substr(0, end);
    const auto equals = std::min(field.find('='), field.size() - 1);
    out[unescape(field.substr(0, equals))] = unescape(field.substr(equals + 1));
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  return out;
}

Parameters query_of(const std::string& url) { return read_form(url.substr(url.find('?') + 1)); }

const jose::SigningKey& provider_key() {
  static const jose::SigningKey made = key();
  return made;
}
const jose::SigningKey& strange_key() {
  static const jose::SigningKey made = key();
  return made;
}

FakeProvider::FakeProvider()
    : discovery{{"issuer", kIssuer},
                {"authorization_endpoint", std::string(kIssuer) + "/authorize"},
                {"token_endpoint", std::string(kIssuer) + "/token"},
                {"jwks_uri", std::string(kIssuer) + "/jwks"},
                {"code_challenge_methods_supported", {"S256"}}},
      jwks{{"keys", json::array({json::parse(provider_key().public_jwk())})}},
      claims{{"sub", "user-1"},
             {"email", "ann@example.com"},
             {"email_verified", true},
             {"name", "Ann"}},
      github_user{{"id", 42}, {"login", "ann"}, {"name", "Ann"}, {"email", "shown@example.com"}},
      github_emails{{{"email", "old@example.com"}, {"primary", false}, {"verified", true}},
                    {{"email", "ann@example.com"}, {"primary", true}, {"verified", true}}} {}

std::string FakeProvider::agree(const std::string& authorization_url) {
  std::string code = "code-" + crypto::random_token(16);
  codes_[code] = query_of(authorization_url);
  return code;
}

std::string FakeProvider::id_token(const json& all) const {
  return jose::sign(*signs_with, all.dump(), "JWT").value();
}

int FakeProvider::count(const std::string& url_end) const {
  int out = 0;
  for (const Fetch& request : requests) out += request.url.ends_with(url_end);
  return out;
}

Fetched FakeProvider::token(const Fetch& request, bool github) {
  Parameters form = read_form(request.form.value_or(""));
  const auto found = codes_.find(form["code"]);
  if (found == codes_.end()) return {400, R"({"error":"invalid_grant"})"};
  Parameters asked = found->second;
  codes_.erase(found);
  const std::string basic =
      "Authorization: Basic " +
      crypto::to_base64(crypto::as_bytes("client-1:the%20client%27s%20secret"));
  const bool known = github ? form["client_secret"] == kSecret && form["client_id"] == "client-2"
                            : has_header(request, basic) || form["client_secret"] == kSecret;
  if (!known) return {401, R"({"error":"invalid_client"})"};
  const std::string challenge =
      crypto::to_base64url(crypto::as_bytes(crypto::sha256(form["code_verifier"])));
  if (form["grant_type"] != "authorization_code" || asked["redirect_uri"] != form["redirect_uri"] ||
      asked["code_challenge_method"] != "S256" || asked["code_challenge"] != challenge)
    return {400, R"({"error":"invalid_grant"})"};
  json out{{"access_token", "at-1"}, {"token_type", "Bearer"}, {"expires_in", 3600}};
  if (!github) {
    json all{{"iss", kIssuer},
             {"aud", asked["client_id"]},
             {"nonce", asked["nonce"]},
             {"iat", now},
             {"exp", now + 300}};
    all.update(claims);
    out["id_token"] = make_id_token ? make_id_token(all) : id_token(all);
  }
  return {200, out.dump()};
}

Result<Fetched> FakeProvider::answer(const Fetch& request) {
  const std::string issuer = kIssuer;
  if (request.url == issuer + "/.well-known/openid-configuration")
    return Fetched{200, discovery.dump()};
  if (request.url == issuer + "/jwks") return Fetched{200, jwks.dump()};
  if (request.url == issuer + "/token") return token(request, false);
  if (request.url == std::string(kGithub) + "access_token") return token(request, true);
  if (!has_header(request, "Authorization: Bearer at-1")) return Fetched{401, "{}"};
  if (request.url == std::string(kApi) + "/user") return Fetched{200, github_user.dump()};
  if (request.url == std::string(kApi) + "/user/emails?per_page=100")
    return Fetched{200, github_emails.dump()};
  return Fetched{404, "{}"};
}

Result<Fetched> FakeProvider::fetch(const Fetch& request) {
  requests.push_back(request);
  auto out = answer(request);
  if (tamper) tamper(request, out);
  return out;
}

}  // namespace cad::oauth
