// SPDX-License-Identifier: Apache-2.0
// Text from a process that is not trusted.
#pragma once

#include <string>
#include <string_view>

namespace cad::sandbox {

// Well-formed by Unicode 15, table 3-7: no overlong forms, no surrogates.
bool is_utf8(std::string_view text);

// Fit for a log line or a sentence: control characters (C0, DEL) become spaces.
std::string plain_line(std::string_view utf8);

// For what need not be UTF-8 either: all bytes outside printable ASCII become '?', line ends stay.
std::string printable_ascii(std::string_view bytes);

}  // namespace cad::sandbox
