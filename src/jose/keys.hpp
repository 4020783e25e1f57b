// SPDX-License-Identifier: Apache-2.0
// RSA keys for JSON Web Signatures as JSON Web Keys (RFC 7517), by libjose.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "jose/jansson.hpp"

namespace cad::jose {

inline constexpr std::size_t kMaxJwksBytes = 64 * 1024;
inline constexpr std::size_t kMaxJwksKeys = 32;
inline constexpr std::size_t kMinRsaBits = 2048;
// Verifying takes time with the square of the bits: a provider's key may not slow us down.
inline constexpr std::size_t kMaxRsaBits = 8192;

// Ours, of 2048 bits. Signing with it is safe from any number of threads. Its id is its thumbprint
// (RFC 7638, SHA-256), so that two keys never share one.
class SigningKey {
 public:
  static Result<SigningKey> generate();
  // INVALID_ARGUMENT: no private RSA key, or its parts do not belong together.
  static Result<SigningKey> from_private_jwk(const Secret& jwk);

  Secret private_jwk() const;
  const std::string& kid() const { return kid_; }
  // kty, n, e, kid, use and alg, and nothing private.
  const std::string& public_jwk() const { return public_jwk_; }

 private:
  friend Result<std::string> sign(const SigningKey& key, const std::string& payload_json,
                                  std::string_view typ);

  Json jwk_;  // never written to after it is made
  std::string kid_;
  std::string public_jwk_;
};

struct PublicKey {
  std::string kid;  // may be empty
  Json jwk;         // kty, n, e and alg: what the owner published beside them is not kept
};

// Whose signatures are believed: the usable keys of a JSON Web Key Set, in its order.
class PublicKeys {
 public:
  // Keys that are no RSA signature keys for RS256, or whose bits or exponent are out of bounds, are
  // passed over. INTEGRITY: no key set, too large, one id for two keys, or no usable key in it.
  static Result<PublicKeys> parse(std::string_view jwks_json);

  std::size_t size() const { return keys_.size(); }
  const PublicKey* find(std::string_view kid) const;
  // None unless there is exactly one.
  const PublicKey* only() const { return keys_.size() == 1 ? &keys_.front() : nullptr; }

 private:
  std::vector<PublicKey> keys_;
};

// The key set to serve, of SigningKey::public_jwk()s.
std::string to_jwks(std::span<const std::string> public_jwks);

}  // namespace cad::jose
