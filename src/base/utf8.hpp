// SPDX-License-Identifier: Apache-2.0
// UTF-8 read one code point at a time (RFC 3629). base/encoding.hpp judges and writes it.
#pragma once

#include <cstddef>
#include <string_view>

namespace cad {

inline constexpr char32_t kReplacement = 0xFFFD;

// The code point at `at`, which moves behind it. Malformed input costs one byte and gives U+FFFD.
// at < text.size().
char32_t next_code_point(std::string_view text, std::size_t& at);

}  // namespace cad
