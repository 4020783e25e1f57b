// SPDX-License-Identifier: Apache-2.0
// UTF-8 in and out, one code point at a time. Malformed input costs one byte and gives U+FFFD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cad::text {

inline constexpr char32_t kReplacement = 0xFFFD;

// The code point at `at`, which moves behind it. at < text.size().
char32_t next_code_point(std::string_view text, std::size_t& at);
// Surrogates and values beyond U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t code);

}  // namespace cad::text
