// SPDX-License-Identifier: Apache-2.0
// What a verified token claims about itself (RFC 7519, OpenID Connect Core 3.1.3.7), held to what
// it must be for us.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace cad::jose {

struct ExpectedClaims {
  std::string issuer;
  std::string audience;
  std::int64_t now = 0;  // seconds since 1970
  std::int64_t clock_skew = 0;
  // Since it was issued: "iat" is then required.
  std::optional<std::int64_t> max_age = std::nullopt;
  std::optional<std::string> nonce = std::nullopt;
};

// INTEGRITY, with what is wrong and nothing of the token. "exp" is always required. Times must be
// whole numbers.
Result<void> check_claims(const nlohmann::json& claims, const ExpectedClaims& expected);

}  // namespace cad::jose
