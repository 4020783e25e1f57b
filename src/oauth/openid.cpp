// SPDX-License-Identifier: Apache-2.0
#include "oauth/openid.hpp"

#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"
#include "jose/claims.hpp"
#include "jose/strict_json.hpp"
#include "jose/token.hpp"

namespace cad::oauth {
namespace {

constexpr std::int64_t kKeepMs = 3'600'000;
constexpr std::int64_t kKeepFailureMs = 10'000;  // so that an outage does not hold every thread
constexpr std::int64_t kKeysAgainMs = 60'000;
constexpr std::int64_t kSkewSeconds = 60;
constexpr std::int64_t kMaxAgeSeconds = 600;  // it is fetched right after it was made

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::integrity, std::move(message));
}

// Of the token's header before its signature is known to be good: only to look for the key.
Result<std::string> key_id_of(std::string_view token) {
  const auto header_json = crypto::from_base64url(token.substr(0, token.find('.')));
  if (!header_json) return refuse("The provider's ID token is no signed token.");
  CAD_ASSIGN(const auto header, jose::parse_strict_object(*header_json, "The ID token's header"));
  // Another kind of token (RFC 8725, 3.11) is no ID token, even with the right signature.
  const auto typ = header.find("typ");
  if (typ != header.end() && *typ != "JWT" && *typ != "jwt")
    return refuse("The provider's ID token is a token of another type.");
  const auto kid = header.find("kid");
  return kid != header.end() && kid->is_string() ? kid->get<std::string>() : std::string();
}

// OpenID Connect Core 3.1.3.6: the left half of the access token's digest.
Result<void> check_access_token(const nlohmann::json& claims, const std::string& access_token) {
  const auto hash = claims.find("at_hash");
  if (hash == claims.end()) return {};
  const crypto::Digest digest = crypto::sha256(access_token);
  const std::string half =
      crypto::to_base64url(std::as_bytes(std::span(digest).first(digest.size() / 2)));
  if (hash->is_string() &&
      crypto::equal_in_constant_time(hash->get_ref<const std::string&>(), half))
    return {};
  return refuse("The provider's access token is not the one of its ID token.");
}

}  // namespace

bool Published::Tried::is_older_than(std::int64_t age, std::int64_t now) const {
  return !ever || now < at || now - at >= age;
}

Result<std::string> Published::get(const std::string& url) const {
  CAD_ASSIGN(Fetched answer, fetcher_.fetch({url, {"Accept: application/json"}}));
  if (answer.status != 200)
    return fail(ErrorCode::unavailable, "The sign-in provider answered with HTTP status " +
                                            std::to_string(answer.status) + "; try again later.");
  return std::move(answer.body);
}

template <class Action>
Result<void> Published::refresh(Tried& tried, std::int64_t keep, Action action) const {
  const std::int64_t now = clock_();
  if (!tried.is_older_than(tried.worked ? keep : kKeepFailureMs, now)) {
    if (!tried.worked) return tl::unexpected(tried.error);
    return {};
  }
  tried.at = now;
  tried.ever = true;
  const Result<void> done = action();
  tried.worked = done.has_value();
  if (!done) tried.error = done.error();
  return done;
}

Result<Discovered> Published::endpoints() {
  const std::lock_guard lock(mutex_);
  CAD_TRY(refresh(tried_endpoints_, kKeepMs, [this]() -> Result<void> {
    std::string base = issuer_;
    while (base.ends_with('/')) base.pop_back();
    CAD_ASSIGN(const std::string body, get(base + "/.well-known/openid-configuration"));
    CAD_ASSIGN(endpoints_, read_discovery(body, issuer_));
    return {};
  }));
  return endpoints_;
}

Result<std::shared_ptr<const jose::PublicKeys>> Published::keys(std::string_view kid) {
  CAD_ASSIGN(const Discovered from, endpoints());
  const std::lock_guard lock(mutex_);
  const bool unknown = tried_keys_.worked && !kid.empty() && keys_->find(kid) == nullptr;
  CAD_TRY(refresh(tried_keys_, unknown ? kKeysAgainMs : kKeepMs, [&]() -> Result<void> {
    CAD_ASSIGN(const std::string body, get(from.jwks_url));
    CAD_ASSIGN(jose::PublicKeys parsed, jose::PublicKeys::parse(body));
    keys_ = std::make_shared<const jose::PublicKeys>(std::move(parsed));
    return {};
  }));
  return keys_;
}

Result<Person> check_id_token(Published& published, const Tokens& tokens,
                              const ExpectedToken& expected) {
  if (tokens.id_token.empty()) return refuse("The provider gave no ID token.");
  CAD_ASSIGN(const std::string kid, key_id_of(tokens.id_token));
  CAD_ASSIGN(const auto keys, published.keys(kid));
  CAD_ASSIGN(const jose::Verified token,
             jose::verify(tokens.id_token, *keys, "", jose::MissingKid::accept_with_only_key));
  CAD_TRY(jose::check_claims(token.claims, {.issuer = expected.issuer,
                                            .audience = expected.client_id,
                                            .now = expected.now,
                                            .clock_skew = kSkewSeconds,
                                            .max_age = kMaxAgeSeconds,
                                            .nonce = expected.nonce}));
  CAD_TRY(check_access_token(token.claims, tokens.access_token));
  return person_of_claims(token.claims);
}

}  // namespace cad::oauth
