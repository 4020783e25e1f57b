// SPDX-License-Identifier: Apache-2.0
#include "jose/claims.hpp"

#include "crypto/bytes.hpp"

namespace cad::jose {

namespace {

// Past this a number is no time, and sums with it could overflow.
constexpr std::int64_t kLatest = std::int64_t{1} << 53;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::integrity, std::move(message));
}

bool is_text(const nlohmann::json& claims, const char* name, const std::string& value) {
  const auto found = claims.find(name);
  return found != claims.end() && found->is_string() && *found == value;
}

Result<std::optional<std::int64_t>> time_of(const nlohmann::json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return std::nullopt;
  // A number above the signed range is negative here.
  const std::int64_t seconds = found->is_number_integer() ? found->get<std::int64_t>() : -1;
  if (seconds < 0 || seconds > kLatest)
    return refuse(std::string("The token's \"") + name + "\" is no time.");
  return seconds;
}

Result<void> check_audience(const nlohmann::json& claims, const std::string& audience) {
  const auto aud = claims.find("aud");
  if (aud == claims.end()) return refuse("The token names no audience.");
  bool named = false;
  bool several = false;
  if (aud->is_array()) {
    several = aud->size() > 1;
    for (const auto& entry : *aud) {
      if (!entry.is_string()) return refuse("The token's audience is no text.");
      named = named || entry == audience;
    }
  } else {
    named = aud->is_string() && *aud == audience;
  }
  if (!named) return refuse("The token is meant for another audience.");
  const bool told = claims.contains("azp");
  if ((several || told) && !is_text(claims, "azp", audience))
    return refuse("The token was issued to another party.");
  return {};
}

Result<void> check_times(const nlohmann::json& claims, const ExpectedClaims& expected) {
  CAD_ASSIGN(const auto expires, time_of(claims, "exp"));
  CAD_ASSIGN(const auto not_before, time_of(claims, "nbf"));
  CAD_ASSIGN(const auto issued, time_of(claims, "iat"));
  if (!expires) return refuse("The token has no end.");
  if (expected.now - expected.clock_skew >= *expires) return refuse("The token has expired.");
  if (not_before && *not_before > expected.now + expected.clock_skew)
    return refuse("The token is not valid yet.");
  if (issued && *issued > expected.now + expected.clock_skew)
    return refuse("The token was issued in the future.");
  if (!expected.max_age) return {};
  if (!issued) return refuse("The token does not say when it was issued.");
  if (expected.now - *issued > *expected.max_age + expected.clock_skew)
    return refuse("The token is too old.");
  return {};
}

}  // namespace

Result<void> check_claims(const nlohmann::json& claims, const ExpectedClaims& expected) {
  if (expected.issuer.empty() || expected.audience.empty())
    return fail(ErrorCode::internal, "A token was checked without an issuer and an audience.");
  if (!claims.is_object()) return refuse("The token claims nothing.");
  if (!is_text(claims, "iss", expected.issuer))
    return refuse("The token was issued by somebody else.");
  CAD_TRY(check_audience(claims, expected.audience));
  CAD_TRY(check_times(claims, expected));
  if (!expected.nonce) return {};
  const auto nonce = claims.find("nonce");
  if (nonce == claims.end() || !nonce->is_string() ||
      !crypto::equal_in_constant_time(nonce->get_ref<const std::string&>(), *expected.nonce))
    return refuse("The token answers another sign-in (nonce).");
  return {};
}

}  // namespace cad::jose
