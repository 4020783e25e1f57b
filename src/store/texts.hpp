// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace cad::store {

// INVALID_ARGUMENT for a text that no database keeps as it is: one with a NUL, or not UTF-8.
Result<void> check_texts(const Values& values);

// For LIKE ... ESCAPE '!' on a text in lower case (of ASCII): `text` itself, anywhere in it.
std::string pattern_within(std::string_view text);

}  // namespace cad::store
