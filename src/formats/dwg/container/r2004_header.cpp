// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2004_header.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string_view>

namespace cad::dwg {
namespace {

using Block = std::array<std::byte, kR2004HeaderBytes>;

constexpr Block make_key() {
  Block key{};
  std::uint32_t seed = 1;
  for (std::byte& b : key) {
    seed = seed * 0x343FD + 0x269EC3;
    b = static_cast<std::byte>(seed >> 16 & 0xff);
  }
  return key;
}

constexpr Block kKey = make_key();
static_assert(kKey[0] == std::byte{0x29} && kKey[0x5B] == std::byte{0xB7});

constexpr std::string_view kId("AcFssFcAJMB\0", 12);
constexpr std::size_t kChecksumAt = 0x68;

// The checksum counts its own four bytes as zero.
bool checksum_right(Block block) {
  const std::uint32_t stored = u32(block, kChecksumAt);
  std::fill_n(block.begin() + kChecksumAt, 4, std::byte{});
  return libdeflate_crc32(0, block.data(), block.size()) == stored;
}

}  // namespace

std::array<std::byte, kR2004HeaderBytes> r2004_key() { return kKey; }

std::optional<R2004Header> read_r2004_header(Bytes file, std::uint64_t at) {
  const Bytes raw = slice(file, at, kR2004HeaderBytes);
  if (raw.size() < kR2004HeaderBytes) return {};
  Block block{};
  std::ranges::transform(raw, kKey, block.begin(), std::bit_xor{});
  if (std::memcmp(block.data(), kId.data(), kId.size()) != 0) return {};
  R2004Header header;
  header.second_address = u64(block, 0x34);
  header.page_map_address = u64(block, 0x54) + kR2004PagesAt;
  header.section_map_page = load<std::int32_t>(block, 0x5C);
  header.checksum_right = checksum_right(block);
  return header;
}

std::optional<R2004Header> find_r2004_header_copy(Bytes file) {
  std::array<std::byte, kId.size()> encrypted{};
  std::transform(kId.begin(), kId.end(), kKey.begin(), encrypted.begin(),
                 [](char c, std::byte k) { return static_cast<std::byte>(c) ^ k; });
  Bytes left = file;
  while (true) {
    const auto hit = std::find_end(left.begin(), left.end(), encrypted.begin(), encrypted.end());
    const auto at = static_cast<std::size_t>(hit - left.begin());
    if (hit == left.end() || at < kR2004PagesAt) return {};
    if (const auto header = read_r2004_header(file, at); header && header->checksum_right)
      return header;
    left = left.first(at);
  }
}

}  // namespace cad::dwg
