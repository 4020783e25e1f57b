// SPDX-License-Identifier: Apache-2.0
// Text to number, as fast as the exact short cut allows: a mantissa of at most 2^53 scaled by at
// most 10^22 needs one correctly rounded operation (Clinger 1990); the rest goes to from_chars.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace cad::dxf {

enum class NumberState : std::uint8_t { good, comma, overflow, bad };

struct ParsedNumber {
  double value = 0;
  NumberState state = NumberState::bad;
};

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

inline std::string_view trim(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

// What the short cut cannot do: 20 digits, huge exponents, decimal commas, garbage.
ParsedNumber parse_number_slowly(std::string_view trimmed);

inline ParsedNumber parse_number(std::string_view text) {
  static constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char* p = text.data();
  const char* end = p + text.size();
  while (p < end && is_blank(*p)) ++p;
  while (p < end && is_blank(end[-1])) --end;
  const char* const begin = p;
  const bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) ++p;
  std::uint64_t mantissa = 0;
  const char* const digits = p;
  while (p < end && is_digit(*p)) mantissa = mantissa * 10 + static_cast<unsigned>(*p++ - '0');
  auto count = p - digits;
  int exponent = 0;
  if (p < end && *p == '.') {
    const char* const fraction = ++p;
    while (p < end && is_digit(*p)) mantissa = mantissa * 10 + static_cast<unsigned>(*p++ - '0');
    exponent = static_cast<int>(fraction - p);
    count += p - fraction;
  }
  if (p != end || count == 0 || count > 19 || mantissa > (std::uint64_t{1} << 53) || exponent < -22)
    return parse_number_slowly({begin, static_cast<std::size_t>(end - begin)});
  const double value = static_cast<double>(mantissa) / kPowers[static_cast<std::size_t>(-exponent)];
  return {negative ? -value : value, NumberState::good};
}

}  // namespace cad::dxf
