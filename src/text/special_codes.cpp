// SPDX-License-Identifier: Apache-2.0
#include "text/special_codes.hpp"

#include <array>

#include "base/hex.hpp"

namespace cad::text {
namespace {

// Windows-1252, 0x80..0x9F. 128 and 129 are not the code page's: AutoCAD's own stroke fonts hold
// plus/minus and diameter there (127: degree).
constexpr std::array<char16_t, 32> kCodePage1252 = {
    0x00B1, 0x00D8, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

char32_t numbered_character(unsigned number) {
  if (number < 32) return U' ';
  if (number < 127) return number;
  if (number == 127) return 0x00B0;
  if (number < 160) return kCodePage1252[number - 128];
  return number < 256 ? number : U' ';
}

SpecialCode percent_code(std::string_view at) {
  if (at.size() < 3 || at[1] != '%') return {};
  switch (at[2]) {
    case 'c':
    case 'C': return {0x00D8, 3};
    case 'd':
    case 'D': return {0x00B0, 3};
    case 'p':
    case 'P': return {0x00B1, 3};
    case '%': return {U'%', 3};
    default: break;
  }
  if (at.size() < 5 || !is_digit(at[2]) || !is_digit(at[3]) || !is_digit(at[4])) return {};
  const int number = (at[2] - '0') * 100 + (at[3] - '0') * 10 + (at[4] - '0');
  if (number > 255) return {};
  return {numbered_character(static_cast<unsigned>(number)), 5};
}

SpecialCode caret_code(std::string_view at) {
  if (at.size() < 2) return {};
  if (at[1] == ' ') return {U'^', 2};
  if (at[1] >= '@' && at[1] <= '_') return {static_cast<char32_t>(at[1] - '@'), 2};
  return {};
}

SpecialCode unicode_code(std::string_view at) {
  if (at.size() < 7 || (at[1] != 'U' && at[1] != 'u') || at[2] != '+') return {};
  char32_t code = 0;
  for (std::size_t i = 3; i < 7; ++i) {
    const int digit = hex_digit(at[i]);
    if (digit < 0) return {};
    code = code * 16 + static_cast<char32_t>(digit);
  }
  return {code, 7};
}

}  // namespace cad::text
