// SPDX-License-Identifier: Apache-2.0
// The codes that TEXT and MTEXT share: %%c %%d %%p %%% %%nnn, caret notation, \U+XXXX.
#pragma once

#include <cstdint>
#include <string_view>

namespace cad::text {

// A code recognized at the start of a string: the character it stands for and its bytes there.
// length 0: no such code here.
struct SpecialCode {
  char32_t code = 0;
  std::size_t length = 0;
};
SpecialCode percent_code(std::string_view at);  // at[0] == '%'
// ^I is a tab, ^J a line feed, "^ " a caret: control characters are stored as ^@ .. ^_.
SpecialCode caret_code(std::string_view at);    // at[0] == '^'
SpecialCode unicode_code(std::string_view at);  // at[0] == '\\': \U+XXXX

// The character that %%nnn draws. Below 256 only.
char32_t numbered_character(unsigned number);

}  // namespace cad::text
