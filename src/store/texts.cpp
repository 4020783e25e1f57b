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

}  // namespace cad::store
