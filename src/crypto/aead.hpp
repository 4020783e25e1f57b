// SPDX-License-Identifier: Apache-2.0
// AES-256-GCM (NIST SP 800-38D) with 96-bit nonces and 128-bit tags.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "crypto/bytes.hpp"

namespace cad::crypto {

inline constexpr std::size_t kTagBytes = 16;
using Nonce = std::array<std::uint8_t, 12>;
using Tag = std::array<std::uint8_t, kTagBytes>;

// One key, many messages. Not for use from two threads at once. A nonce must never be used for two
// messages under one key: who calls seal() sees to it.
class AesGcm {
 public:
  explicit AesGcm(std::span<const std::byte, 32> key);
  explicit AesGcm(const Key256& key) : AesGcm(std::as_bytes(std::span(key))) {}
  ~AesGcm();
  AesGcm(AesGcm&&) noexcept;
  AesGcm& operator=(AesGcm&&) noexcept;

  // `cipher` has the length of `plain` and may be the same memory.
  Result<void> seal(const Nonce& nonce, ByteView aad, ByteView plain, std::span<std::byte> cipher,
                    Tag& tag);
  // INTEGRITY when key, nonce, aad, cipher and tag do not belong together; `plain` is zeroed then.
  Result<void> open(const Nonce& nonce, ByteView aad, ByteView cipher, const Tag& tag,
                    std::span<std::byte> plain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cad::crypto
