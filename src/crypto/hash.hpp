// SPDX-License-Identifier: Apache-2.0
// SHA-256 and HMAC-SHA-256. Running out of memory is the only failure and throws std::bad_alloc.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"

namespace cad::crypto {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(ByteView bytes);
inline Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }
std::string sha256_hex(std::string_view text);

// For what arrives in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(ByteView bytes);
  // The digest of all so far; the object then starts anew.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest hmac_sha256(ByteView key, ByteView message);
inline Digest hmac_sha256(std::string_view key, std::string_view message) {
  return hmac_sha256(as_bytes(key), as_bytes(message));
}

// MD5 in hex, for protocols that compare by it (ETags of S3); no protection against anybody. None
// where the system's rules leave it out.
std::optional<std::string> md5_hex(ByteView bytes);

// HKDF-SHA-256 (RFC 5869), at most 8160 bytes: keys for one purpose each out of one key.
std::string hkdf_sha256(ByteView key, std::string_view salt, std::string_view info,
                        std::size_t bytes);

}  // namespace cad::crypto
