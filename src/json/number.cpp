// SPDX-License-Identifier: Apache-2.0
#include "json/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace cad::json {
namespace {

constexpr std::array<char, 200> make_pairs() {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}
constexpr std::array<char, 200> kPairs = make_pairs();

// Digits of `value`, at least one, no sign.
char* print_digits(char* out, std::uint64_t value) {
  char reversed[20];
  std::size_t at = sizeof reversed;
  while (value >= 100) {
    at -= 2;
    std::memcpy(reversed + at, &kPairs[2 * (value % 100)], 2);
    value /= 100;
  }
  if (value >= 10) {
    at -= 2;
    std::memcpy(reversed + at, &kPairs[2 * value], 2);
  } else {
    reversed[--at] = static_cast<char>('0' + value);
  }
  const std::size_t size = sizeof reversed - at;
  std::memcpy(out, reversed + at, size);
  return out + size;
}

// 0 < value < 10^places: the digits behind the point, trailing zeros dropped.
char* print_fraction(char* out, std::uint32_t value, unsigned places) {
  *out++ = '.';
  char digits[10];
  for (unsigned i = places; i-- > 0;) {
    digits[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  unsigned used = places;
  while (digits[used - 1] == '0') --used;
  std::memcpy(out, digits, used);
  return out + used;
}

// scaled / unit, where unit = 10^places.
char* print_scaled(char* out, std::uint64_t scaled, std::uint32_t unit, unsigned places) {
  const std::uint64_t whole = scaled / unit;
  const auto rest = static_cast<std::uint32_t>(scaled - whole * unit);
  out = print_digits(out, whole);
  return rest == 0 ? out : print_fraction(out, rest, places);
}

// Below this, an integer over a power of ten has at most 15 digits: no other decimal as short reads
// back as the same double, and the division below is the correctly rounded value of that decimal.
constexpr double kExactDecimal = 1e15;

// Of 0 <= value < 2^53; without the library call that nearbyint() is.
std::int64_t nearest(double value) { return static_cast<std::int64_t>(value + 0.5); }

}  // namespace

char* print_double(char* out, double value) {
  const double magnitude = std::fabs(value);
  if (magnitude < 1e6) {
    const std::int64_t scaled = nearest(magnitude * 1e9);
    if (static_cast<double>(scaled) / 1e9 == magnitude) {
      if (value < 0) *out++ = '-';
      return print_scaled(out, static_cast<std::uint64_t>(scaled), 1'000'000'000, 9);
    }
  } else if (magnitude < 1e9) {
    const std::int64_t scaled = nearest(magnitude * 1e6);
    if (static_cast<double>(scaled) / 1e6 == magnitude) {
      if (value < 0) *out++ = '-';
      return print_scaled(out, static_cast<std::uint64_t>(scaled), 1'000'000, 6);
    }
  } else if (magnitude < kExactDecimal && std::trunc(magnitude) == magnitude) {
    if (value < 0) *out++ = '-';
    return print_digits(out, static_cast<std::uint64_t>(magnitude));
  }
  return std::to_chars(out, out + kNumberBytes, value).ptr;
}

char* print_rounded(char* out, double value) {
  const double magnitude = std::fabs(value);
  if (magnitude >= 1e9) return print_double(out, value);  // finer than 6 decimals already
  const std::int64_t scaled = nearest(magnitude * 1e6);
  if (value < 0 && scaled > 0) *out++ = '-';
  return print_scaled(out, static_cast<std::uint64_t>(scaled), 1'000'000, 6);
}

char* print_integer(char* out, std::int64_t value) {
  if (value >= 0) return print_digits(out, static_cast<std::uint64_t>(value));
  *out++ = '-';
  return print_digits(out, 0 - static_cast<std::uint64_t>(value));
}

char* print_hex(char* out, std::uint64_t value) {
  char reversed[16];
  std::size_t at = sizeof reversed;
  do {
    reversed[--at] = "0123456789ABCDEF"[value & 15];
    value >>= 4;
  } while (value != 0);
  const std::size_t size = sizeof reversed - at;
  std::memcpy(out, reversed + at, size);
  return out + size;
}

}  // namespace cad::json
