// SPDX-License-Identifier: Apache-2.0
// Signed URLs: HMAC-SHA-256 over method, path and expiry. Whoever holds one may fetch that one
// object until then; nothing else can be derived from it. A URL names its key, so that those given
// out before a rotation stay good until they expire.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "secrets/key_ring.hpp"

namespace cad::auth {

inline constexpr std::int64_t kUrlLifeSeconds = 3600;

// CADLENS_SIGNING_KEY, CADLENS_SIGNING_KEY_FILE, or `dir`/signing.key.
secrets::KeyPlace signing_key_place(const std::string& dir);

// What a URL says about itself, as text from the client.
struct SignedQuery {
  std::string_view expires, key, signature;
};

class UrlSigner {
 public:
  explicit UrlSigner(std::shared_ptr<secrets::KeySource> keys) : keys_(std::move(keys)) {}
  explicit UrlSigner(const std::array<std::uint8_t, 32>& key);

  // "?expires=<seconds since 1970>&key=<16 hex>&signature=<64 hex>"
  std::string query(std::string_view method, std::string_view path, std::int64_t expires) const;
  // Signature right and not expired; constant time in the signature.
  bool allows(std::string_view method, std::string_view path, const SignedQuery& query,
              std::int64_t now_seconds) const;

 private:
  std::shared_ptr<secrets::KeySource> keys_;
};

}  // namespace cad::auth
