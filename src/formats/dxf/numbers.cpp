// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/numbers.hpp"

#include <string>

namespace cad::dxf {
namespace {

// True when the text names a magnitude too small for a double, which is a good zero.
bool is_underflow(std::string_view text) {
  const auto e = text.find_first_of("eE");
  if (e != std::string_view::npos) return e + 1 < text.size() && text[e + 1] == '-';
  return text.find_first_of("123456789") > text.find('.');
}

}  // namespace

ParsedNumber parse_number_slowly(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return {};
  // "inf" and "nan" would parse; a drawing has neither.
  const char first = text.front() == '-' && text.size() > 1 ? text[1] : text.front();
  if (!is_digit(first) && first != '.' && first != ',') return {};
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc::result_out_of_range && result.ptr == end)
    return {0, is_underflow(text) ? NumberState::good : NumberState::overflow};
  if (result.ec == std::errc{} && result.ptr == end)
    return {value, std::isfinite(value) ? NumberState::good : NumberState::overflow};
  // Programs that print with the user's locale write 1,5.
  if (text.size() < 64 && text.find('.') == std::string_view::npos) {
    if (const auto comma = text.find(','); comma != std::string_view::npos) {
      std::string fixed(text);
      fixed[comma] = '.';
      const auto again = parse_number_slowly(fixed);
      if (again.state == NumberState::good) return {again.value, NumberState::comma};
    }
  }
  return {};
}

}  // namespace cad::dxf
