// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cad::passwords {

// Common passwords of four characters and more in lower-case ASCII, sorted by bytes, each with a
// newline after it. Made by embed.py.
std::string_view common_words();

bool is_common_word(std::string_view lower_case);

}  // namespace cad::passwords
