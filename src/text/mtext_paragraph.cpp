// SPDX-License-Identifier: Apache-2.0
#include "text/mtext_paragraph.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cad::text {
namespace {

constexpr std::size_t kMaxTabStops = 32;
constexpr double kMaxLength = 1e6;  // text heights

void read_tab_stops(std::string_view spec, std::size_t& at, MTextParagraph& format) {
  format.tab_stops.clear();
  format.tab_kinds.clear();
  char kind = 'l';
  while (at < spec.size()) {
    const char letter = spec[at];
    if (letter == 'c' || letter == 'r' || letter == 'd') {
      kind = letter == 'd' ? 'l' : letter;
      ++at;
    } else if (const auto value = parse_double(spec, at)) {
      if (format.tab_stops.size() < kMaxTabStops) {
        format.tab_stops.push_back(std::clamp(*value, 0.0, kMaxLength));
        format.tab_kinds.push_back(kind);
      }
      kind = 'l';
    } else {
      ++at;
    }
  }
}

}  // namespace

std::optional<double> parse_double(std::string_view text, std::size_t& at) {
  std::size_t begin = at;
  if (begin < text.size() && text[begin] == '+') ++begin;
  double value = 0;
  const char* const first = text.data() + begin;
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  at = static_cast<std::size_t>(end - text.data());
  return value;
}

void apply_paragraph_codes(std::string_view spec, MTextParagraph& format) {
  std::size_t at = 0;
  const auto length = [&] {
    return std::clamp(parse_double(spec, at).value_or(0), -kMaxLength, kMaxLength);
  };
  while (at < spec.size()) {
    switch (spec[at++]) {
      case 'i': format.indent = length(); break;
      case 'l': format.left = length(); break;
      case 'r': format.right = length(); break;
      case 'q': {
        constexpr std::string_view kJustify = "*lrcjd";  // the order of MTextParagraph::justify
        const std::size_t index = at < spec.size() ? kJustify.find(spec[at++]) : 0;
        format.justify = index == std::string_view::npos ? 0 : static_cast<std::uint8_t>(index);
        break;
      }
      case 't': read_tab_stops(spec, at, format); break;
      default:  // x: "there is formatting"; separators
        break;
    }
  }
}

}  // namespace cad::text
