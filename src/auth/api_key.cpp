// SPDX-License-Identifier: Apache-2.0
#include "auth/api_key.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cad::auth {
namespace {

std::string checksum(std::string_view digits) {
  const auto value =
      ::crc32(0, reinterpret_cast<const Bytef*>(digits.data()), static_cast<uInt>(digits.size()));
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08lx", value);
  return text.data();
}

}  // namespace

NewKey make_api_key() {
  const std::string digits = crypto::random_hex(20);
  NewKey key;
  key.raw = std::string(kKeyStart) + digits + checksum(digits);
  key.prefix = key.raw.substr(0, kPrefixLength);
  key.hash = hash_api_key(key.raw);
  return key;
}

bool is_well_formed_key(std::string_view raw) {
  if (raw.size() != kKeyLength || !raw.starts_with(kKeyStart)) return false;
  const std::string_view digits = raw.substr(kKeyStart.size());
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return std::all_of(digits.begin(), digits.end(), is_digit) &&
         checksum(digits.substr(0, 40)) == digits.substr(40);
}

std::string hash_api_key(std::string_view raw) { return crypto::sha256_hex(raw); }

}  // namespace cad::auth
