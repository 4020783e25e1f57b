// SPDX-License-Identifier: Apache-2.0
// Signed URLs: HMAC-SHA-256 over method, path and expiry. Whoever holds one may fetch that one
// object until then; nothing else can be derived from it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::auth {

class UrlSigner {
 public:
  explicit UrlSigner(const std::array<std::uint8_t, 32>& key) : key_(key) {}

  // "?expires=<seconds since 1970>&signature=<64 hex>"
  std::string query(std::string_view method, std::string_view path, std::int64_t expires) const;
  // Signature right and not expired; constant time in the signature.
  bool allows(std::string_view method, std::string_view path, std::string_view expires,
              std::string_view signature, std::int64_t now_seconds) const;

 private:
  std::string sign(std::string_view method, std::string_view path, std::string_view expires) const;
  std::array<std::uint8_t, 32> key_;
};

// The 32 bytes in `path`, made with mode 0600 when the file is not there. A file of another length
// is an INTEGRITY error.
Result<std::array<std::uint8_t, 32>> load_or_make_key(const std::string& path);

}  // namespace cad::auth
