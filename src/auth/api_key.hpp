// SPDX-License-Identifier: Apache-2.0
// API keys: "cadl_", 40 random hex digits (160 bits), and 8 more that are the CRC-32 (ISO-HDLC, as
// in zlib) of those 40 characters. A mistyped key is refused without a look-up, and a secret
// scanner can tell a real key from noise. Stored are the SHA-256 of the whole and its first 12
// characters.
#pragma once

#include <string>
#include <string_view>

namespace cad::auth {

inline constexpr std::string_view kKeyStart = "cadl_";
inline constexpr std::size_t kKeyLength = 5 + 48;
inline constexpr std::size_t kPrefixLength = 12;

struct NewKey {
  std::string raw;  // shown once, never stored
  std::string prefix, hash;
};
NewKey make_api_key();

// Right length, alphabet (lower-case hex) and checksum.
bool is_well_formed_key(std::string_view raw);
std::string hash_api_key(std::string_view raw);

}  // namespace cad::auth
