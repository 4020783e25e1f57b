// SPDX-License-Identifier: Apache-2.0
// JSON Web Signatures in their compact form (RFC 7515), with RS256 and nothing else: the algorithm
// is ours to say, never the token's (RFC 8725, 3.1).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "jose/keys.hpp"

namespace cad::jose {

inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;

// The header is {alg, kid, typ}. Safe from any thread.
Result<std::string> sign(const SigningKey& key, const std::string& payload_json,
                         std::string_view typ);

struct Verified {
  std::string kid;  // as the header names it; empty when it does not
  nlohmann::json claims;
};

// Some OpenID providers with a single key name none in their tokens.
enum class MissingKid { refuse, accept_with_only_key };

// The claims of a token that one of `keys` signed; they are not checked yet (claims.hpp). `typ` is
// what the header must say, in any case; empty for anything, or nothing. INTEGRITY for every other
// token, with a message that says what is wrong and repeats nothing of it.
Result<Verified> verify(std::string_view token, const PublicKeys& keys, std::string_view typ,
                        MissingKid missing_kid = MissingKid::refuse);

}  // namespace cad::jose
