// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/crc64.hpp"

#include <algorithm>

namespace cad::dwg {
namespace {

constexpr std::uint64_t kNormalPolynomial = 0x42F0E1EBA9EA3693;    // ECMA-182
constexpr std::uint64_t kMirroredPolynomial = 0x95AC9329AC4BC9B5;  // Jones, reflected
constexpr std::uint64_t kFactor = 0x343FD, kTerm = 0x269EC3;

using Table = std::array<std::uint64_t, 256>;

constexpr Table make_normal() {
  Table table{};
  for (std::uint64_t i = 0; i < 256; ++i) {
    std::uint64_t value = i << 56;
    for (int bit = 0; bit < 8; ++bit)
      value = value << 1 ^ ((value >> 63) != 0 ? kNormalPolynomial : 0);
    table[i] = value;
  }
  return table;
}

// Row k: what a byte has become when k more bytes have gone through after it.
constexpr std::array<Table, 8> make_mirrored() {
  std::array<Table, 8> rows{};
  for (std::uint64_t i = 0; i < 256; ++i) {
    std::uint64_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = value >> 1 ^ ((value & 1) != 0 ? kMirroredPolynomial : 0);
    rows[0][i] = value;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t i = 0; i < 256; ++i)
      rows[k][i] = rows[k - 1][i] >> 8 ^ rows[0][rows[k - 1][i] & 0xFF];
  return rows;
}

constexpr Table kNormal = make_normal();
constexpr std::array<Table, 8> kMirrored = make_mirrored();
static_assert(kNormal[1] == 0x42F0E1EBA9EA3693 && kNormal[255] == 0x9AFCE626CE85B507);
static_assert(kMirrored[0][1] == 0x7AD870C830358979 && kMirrored[0][255] == 0x29B7D047EFEC8728);

// Whole groups of 8 bytes go through in this order; so do the checksum's.
constexpr std::array<std::uint8_t, 8> kOrder{6, 7, 4, 5, 2, 3, 0, 1};
// The last 1 to 7 bytes: from four on, the first four change places by twos.
constexpr std::array<std::uint8_t, 8> kShortRest{0, 1, 2, 3, 4, 5, 6, 7};
constexpr std::array<std::uint8_t, 8> kLongRest{2, 3, 0, 1, 4, 5, 6, 7};

template <class Step>
void for_rest(Bytes rest, Step step) {
  const auto& order = rest.size() < 4 ? kShortRest : kLongRest;
  for (std::size_t i = 0; i < rest.size(); ++i) step(std::to_integer<unsigned>(rest[order[i]]));
}

template <class Step>
void for_all(Bytes bytes, Step step) {
  for (; bytes.size() >= 8; bytes = bytes.subspan(8))
    for (const std::uint8_t i : kOrder) step(std::to_integer<unsigned>(bytes[i]));
  for_rest(bytes, step);
}

// The 8 bytes at `at` so that the one to go first is lowest.
std::uint64_t group(Bytes bytes, std::size_t at) {
  const std::uint64_t v = u64(bytes, at);
  return v << 48 | (v & 0xFFFF0000) << 16 | (v >> 16 & 0xFFFF0000) | v >> 48;
}

}  // namespace

std::uint64_t crc64_seed1(std::uint64_t seed, std::size_t bytes) {
  seed = (seed + bytes) * kFactor + kTerm;
  seed |= seed * (kFactor << 32) + (kTerm << 32);
  return ~seed;
}

std::uint64_t crc64_seed2(std::uint64_t seed, std::size_t bytes) {
  seed = (seed + bytes) * kFactor + kTerm;
  seed = seed * ((1ull << 32) + kFactor) + (bytes + kTerm);
  return ~seed;
}

std::uint64_t crc64_normal(std::uint64_t crc, Bytes bytes) {
  for_all(bytes, [&](unsigned byte) { crc = kNormal[(byte ^ crc >> 56) & 0xFF] ^ crc << 8; });
  return ~crc;
}

std::uint64_t crc64_mirrored(std::uint64_t crc, Bytes bytes) {
  std::size_t at = 0;
  for (; bytes.size() - at >= 8; at += 8) {
    const std::uint64_t v = crc ^ group(bytes, at);
    crc = kMirrored[7][v & 0xFF] ^ kMirrored[6][v >> 8 & 0xFF] ^ kMirrored[5][v >> 16 & 0xFF] ^
          kMirrored[4][v >> 24 & 0xFF] ^ kMirrored[3][v >> 32 & 0xFF] ^
          kMirrored[2][v >> 40 & 0xFF] ^ kMirrored[1][v >> 48 & 0xFF] ^ kMirrored[0][v >> 56];
  }
  for_rest(bytes.subspan(at),
           [&](unsigned byte) { crc = kMirrored[0][(crc ^ byte) & 0xFF] ^ crc >> 8; });
  return crc;
}

std::uint32_t page_checksum_r2007(Bytes bytes) {
  constexpr std::size_t kChunk = 0x15B0;
  constexpr std::uint32_t kModulus = 0xFFF1;
  const std::uint64_t start = bytes.size() * kFactor + kTerm;
  std::uint32_t sum1 = start & 0xFFFF, sum2 = start >> 16 & 0xFFFF;
  while (!bytes.empty()) {
    const Bytes chunk = bytes.first(std::min(kChunk, bytes.size()));
    for_all(chunk, [&](unsigned byte) { sum2 += sum1 += byte; });
    sum1 %= kModulus;
    sum2 %= kModulus;
    bytes = bytes.subspan(chunk.size());
  }
  return sum2 << 16 | sum1;
}

Padding padding_of(std::uint64_t random_seed) {
  std::array<std::uint32_t, sizeof(Padding) / 4> words{};
  words[0] = static_cast<std::uint32_t>(random_seed * kFactor + kTerm);
  words[1] = static_cast<std::uint32_t>((random_seed >> 32) * kFactor + kTerm);
  for (std::uint32_t i = 2; i < words.size(); ++i)
    words[i] = (words[i - 1] >> 30 ^ words[i - 1]) * 0x6C078965 + i;
  Padding padding{};
  std::memcpy(padding.data(), words.data(), padding.size());
  return padding;
}

}  // namespace cad::dwg
