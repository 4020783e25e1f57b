// SPDX-License-Identifier: Apache-2.0
#include "text/bidi.hpp"

#include <algorithm>

namespace cad::text {
namespace {

enum class Type : std::uint8_t {
  left,
  right,
  arabic,
  european_number,
  arabic_number,
  separator,
  mark,
  neutral
};

bool in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_arabic(char32_t c) {
  return in(c, 0x0600, 0x07BF) || in(c, 0x0860, 0x08FF) || in(c, 0xFB50, 0xFDFF) ||
         in(c, 0xFE70, 0xFEFF);
}

bool is_neutral(char32_t c) {
  return c < 0x41 || in(c, 0x5B, 0x60) || in(c, 0x7B, 0xA9) || in(c, 0xAB, 0xB4) ||
         in(c, 0xB6, 0xB9) || in(c, 0xBB, 0xBF) || c == 0xD7 || c == 0xF7 ||
         in(c, 0x2000, 0x206F) || in(c, 0x20A0, 0x20CF) || in(c, 0x2190, 0x2BFF) ||
         in(c, 0x3000, 0x3004) || in(c, 0x3008, 0x3020);
}

Type type_of(char32_t c) {
  if (in(c, '0', '9') || in(c, 0x06F0, 0x06F9)) return Type::european_number;
  if (in(c, 0x0660, 0x0669)) return Type::arabic_number;
  if (c == '+' || c == '-' || c == '.' || c == ',' || c == '/' || c == ':') return Type::separator;
  if (in(c, 0x0300, 0x036F) || in(c, 0x0591, 0x05BD) || in(c, 0x064B, 0x065F)) return Type::mark;
  if (is_right_to_left(c)) return is_arabic(c) ? Type::arabic : Type::right;
  return is_neutral(c) ? Type::neutral : Type::left;
}

std::vector<Type> types_of(std::span<const char32_t> codes) {
  std::vector<Type> types(codes.size());
  Type strong = Type::neutral, previous = Type::neutral;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    Type type = type_of(codes[i]);
    if (type == Type::mark) type = previous;
    if (type == Type::left || type == Type::right || type == Type::arabic) strong = type;
    if (type == Type::european_number && strong == Type::arabic) type = Type::arabic_number;
    if (type == Type::european_number && strong == Type::left) type = Type::left;
    types[i] = previous = type;
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] != Type::separator) continue;
    const bool inside =
        i > 0 && i + 1 < types.size() && types[i - 1] == types[i + 1] &&
        (types[i - 1] == Type::european_number || types[i - 1] == Type::arabic_number);
    types[i] = inside ? types[i - 1] : Type::neutral;
  }
  return types;
}

std::vector<std::uint8_t> levels_of(const std::vector<Type>& types) {
  std::uint8_t base = 0;
  for (const Type type : types) {
    if (type == Type::left) break;
    if (type == Type::right || type == Type::arabic) {
      base = 1;
      break;
    }
  }
  std::vector<std::uint8_t> levels(types.size(), base);
  for (std::size_t i = 0; i < types.size(); ++i) {
    switch (types[i]) {
      case Type::left: levels[i] = base == 0 ? 0 : 2; break;
      case Type::right:
      case Type::arabic: levels[i] = 1; break;
      case Type::european_number:
      case Type::arabic_number: levels[i] = 2; break;
      default: break;
    }
  }
  // Neutrals between two of one direction take it; numbers count as right to left.
  const auto direction = [&](std::size_t i) { return types[i] == Type::left ? 0 : 1; };
  for (std::size_t i = 0; i < types.size();) {
    if (types[i] != Type::neutral) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < types.size() && types[end] == Type::neutral) ++end;
    const int before = i > 0 ? direction(i - 1) : base;
    const int after = end < types.size() ? direction(end) : base;
    if (before == after) {
      const std::uint8_t level = before == 1 ? 1 : (base == 0 ? 0 : 2);
      std::fill(levels.begin() + static_cast<std::ptrdiff_t>(i),
                levels.begin() + static_cast<std::ptrdiff_t>(end), level);
    }
    i = end;
  }
  return levels;
}

}  // namespace

bool is_right_to_left(char32_t c) {
  return in(c, 0x0590, 0x08FF) || in(c, 0xFB1D, 0xFDFF) || in(c, 0xFE70, 0xFEFE) ||
         in(c, 0x10800, 0x10FFF) || in(c, 0x1E800, 0x1EFFF);
}

std::vector<BidiRun> bidi_runs(std::span<const char32_t> codes) {
  if (std::none_of(codes.begin(), codes.end(), is_right_to_left)) {
    return {{0, codes.size(), false}};
  }
  const std::vector<std::uint8_t> levels = levels_of(types_of(codes));
  std::vector<BidiRun> runs;
  std::vector<std::uint8_t> run_levels;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (i == 0 || levels[i] != levels[i - 1]) {
      runs.push_back({i, i, (levels[i] & 1) != 0});
      run_levels.push_back(levels[i]);
    }
    runs.back().end = i + 1;
  }
  for (std::uint8_t level = 2; level >= 1; --level) {
    for (std::size_t i = 0; i < runs.size();) {
      std::size_t end = i;
      while (end < runs.size() && run_levels[end] >= level) ++end;
      const auto first = static_cast<std::ptrdiff_t>(i), last = static_cast<std::ptrdiff_t>(end);
      std::reverse(runs.begin() + first, runs.begin() + last);
      std::reverse(run_levels.begin() + first, run_levels.begin() + last);
      i = end + 1;
    }
  }
  return runs;
}

}  // namespace cad::text
