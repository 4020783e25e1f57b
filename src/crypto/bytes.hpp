// SPDX-License-Identifier: Apache-2.0
// Bytes as text and back, and the comparisons that must not leak where two secrets differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cad::crypto {

using ByteView = std::span<const std::byte>;
using Key256 = std::array<std::uint8_t, 32>;

inline ByteView as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
template <std::size_t N>
ByteView as_bytes(const std::array<std::uint8_t, N>& bytes) {
  return std::as_bytes(std::span(bytes));
}

// From the kernel. Blocks until the kernel's generator is seeded; a kernel that cannot give
// random bytes ends the process, as nothing safe can be done without them.
void random_bytes(std::span<std::byte> out);
Key256 random_key();
// `bytes` random bytes as lower-case hex: twice as many characters.
std::string random_hex(std::size_t bytes);
// `bytes` random bytes as base64url.
std::string random_token(std::size_t bytes);
std::string random_uuid();  // RFC 4122, version 4

std::string to_hex(ByteView bytes);
// None when the length is odd or a character is no hex digit; both cases of letter are read.
std::optional<std::string> from_hex(std::string_view hex);

// RFC 4648 section 5, without padding.
std::string to_base64url(ByteView bytes);
// None for any other alphabet, for padding and for non-zero trailing bits (one text per value).
std::optional<std::string> from_base64url(std::string_view text);
// RFC 4648 section 4, with padding.
std::string to_base64(ByteView bytes);
// None as in from_base64url(); padding is needed.
std::optional<std::string> from_base64(std::string_view text);

// Time depends on the lengths only.
bool equal_in_constant_time(ByteView a, ByteView b);
inline bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return equal_in_constant_time(as_bytes(a), as_bytes(b));
}

// Overwrites a secret; not optimized away.
void wipe(std::span<std::byte> secret);

}  // namespace cad::crypto
