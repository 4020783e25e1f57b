// SPDX-License-Identifier: Apache-2.0
#include "store/texts.hpp"

#include "base/encoding.hpp"

namespace cad::store {

Result<void> check_texts(const Values& values) {
  for (const Value& value : values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) continue;
    if (text->find('\0') != text->npos || !is_valid_utf8(*text))
      return fail(ErrorCode::invalid_argument,
                  "A text to be stored is not valid UTF-8 or holds a NUL.");
  }
  return {};
}

std::string pattern_within(std::string_view text) {
  std::string out = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') out.push_back('!');
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  out.push_back('%');
  return out;
}

}  // namespace cad::store
