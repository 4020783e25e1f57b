// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace cad::detail {

struct SingleBytePage {
  std::uint16_t page;
  std::uint16_t upper[128];  // characters of bytes 0x80..0xff; 0 = none
};

// rows[lead - first_lead] holds three base-41 digits (digit_value) for each trail byte; null =
// none.
struct DoubleBytePage {
  std::uint16_t page;
  std::uint8_t first_lead, last_lead, first_trail, last_trail;
  const char* const* rows;
};

// The digits are '#'..'L' without '?': nothing that a string literal would have to escape.
constexpr unsigned digit_value(char c) {
  return static_cast<unsigned>(c - '#') - (c > '?' ? 1u : 0u);
}

std::span<const SingleBytePage> single_byte_pages();
std::span<const DoubleBytePage> double_byte_pages();

}  // namespace cad::detail
