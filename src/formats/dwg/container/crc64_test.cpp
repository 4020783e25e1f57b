// SPDX-License-Identifier: Apache-2.0
// The expected values stand in drawings that AutoCAD wrote.
#include "formats/dwg/container/crc64.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace cad::dwg {
namespace {

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// Byte by byte, by the order of bytes that ODA 5.12 prints.
std::uint64_t mirrored_slowly(std::uint64_t crc, Bytes bytes) {
  const auto step = [&](std::size_t at) {
    crc ^= std::to_integer<std::uint64_t>(bytes[at]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x95AC9329AC4BC9B5 : 0);
  };
  constexpr std::string_view kOrders[] = {"",      "0",      "01",      "012",     "2301",
                                          "23014", "230145", "2301456", "67452301"};
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t count = std::min<std::size_t>(8, bytes.size() - at);
    for (const char i : kOrders[count]) step(at + static_cast<std::size_t>(i - '0'));
    at += count;
  }
  return crc;
}

TEST(Crc64, NormalIsEcma182BehindTheOrderOfBytes) {
  // "123456789" with the order of its first eight bytes undone; the check value of CRC-64/WE.
  EXPECT_EQ(crc64_normal(~0ull, bytes_of("785634129")), 0x62EC59E3F1A4F00Aull);
}

TEST(Crc64, MirroredIsJonesBehindTheOrderOfBytes) {
  // The check value of CRC-64/REDIS.
  EXPECT_EQ(crc64_mirrored(0, bytes_of("785634129")), 0xE9C6D914C4B8D9CAull);
}

TEST(Crc64, ByEightsAsByOnes) {
  std::vector<std::byte> data;
  for (unsigned i = 0; i < 300; ++i) {
    const std::uint64_t seed = crc64_seed1(i, data.size());
    EXPECT_EQ(crc64_mirrored(seed, data), mirrored_slowly(seed, data)) << data.size();
    data.push_back(static_cast<std::byte>(i * 167 + (i >> 3)));
  }
}

TEST(Crc64, ADamagedByteChangesEveryCheck) {
  std::vector<std::byte> data(6000, std::byte{7});
  const auto normal = crc64_normal(1, data), mirrored = crc64_mirrored(1, data);
  const auto sum = page_checksum_r2007(data);
  for (const std::size_t at : {0u, 9u, 5552u, 5999u}) {
    data[at] ^= std::byte{0x10};
    EXPECT_NE(crc64_normal(1, data), normal) << at;
    EXPECT_NE(crc64_mirrored(1, data), mirrored) << at;
    EXPECT_NE(page_checksum_r2007(data), sum) << at;
    data[at] ^= std::byte{0x10};
  }
}

TEST(Padding, StartsWithTheTwoHalvesOfTheSeed) {
  const Padding padding = padding_of(0);
  EXPECT_EQ(u32(padding, 0), 0x269EC3u);
  EXPECT_EQ(u32(padding, 4), 0x269EC3u);
  EXPECT_EQ(u32(padding, 8), static_cast<std::uint32_t>(0x269EC3u * 0x6C078965ull + 2));
  EXPECT_NE(u32(padding_of(1ull << 32), 4), 0x269EC3u);
}

}  // namespace
}  // namespace cad::dwg
