// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/crc16.hpp"

#include <array>

namespace cad::dwg {
namespace {

constexpr std::array<std::uint16_t, 256> make_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xA001u : value >> 1;
    table[i] = static_cast<std::uint16_t>(value);
  }
  return table;
}

constexpr auto kTable = make_table();
static_assert(kTable[1] == 0xC0C1 && kTable[255] == 0x4040);

}  // namespace

std::uint16_t crc16(std::uint16_t seed, Bytes bytes) {
  unsigned crc = seed;
  for (const std::byte b : bytes)
    crc = crc >> 8 ^ kTable[(crc ^ std::to_integer<unsigned>(b)) & 0xff];
  return static_cast<std::uint16_t>(crc);
}

}  // namespace cad::dwg
