// SPDX-License-Identifier: Apache-2.0
// Bytes of a code page to UTF-8. All tables are constants of the program: the worker has no file
// access, so the C library's converters cannot be loaded there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cad {

// Windows code page numbers; 65001 is UTF-8, 10000 Mac Roman, 28591.. ISO 8859-1.., 437.. DOS.
using CodePage = std::uint16_t;
inline constexpr CodePage kUtf8 = 65001;
inline constexpr CodePage kWindowsLatin = 1252;

// The page of a $DWGCODEPAGE value ("ANSI_1252", "dos850", "ISO8859-1", "GB2312", "BIG5" ...), in
// any case; none when the name says nothing we know.
std::optional<CodePage> code_page_of(std::string_view name);

// Appends the text as UTF-8. Returns how many bytes meant nothing (each is U+FFFD in the output).
// Pages without a table are read as Windows-1252.
std::size_t append_as_utf8(CodePage page, std::string_view bytes, std::string& out);

// The character of a double-byte code of pages 932, 936, 949, 950 and 1361; 0 when it has none.
char32_t double_byte_char(CodePage page, std::uint8_t lead, std::uint8_t trail);
bool is_double_byte(CodePage page);

bool is_ascii(std::string_view text);
bool is_valid_utf8(std::string_view text);
// Surrogates and values beyond Unicode become U+FFFD.
void append_utf8(char32_t c, std::string& out);

// ASCII DXF writes control characters as a caret and a letter ("^J" is a line feed) and a caret
// itself as "^ ". A caret before anything else stands for itself.
std::string decode_carets(std::string_view text);

// Lower case for comparing names: ASCII, Latin, Greek and Cyrillic letters.
std::string fold_case(std::string_view utf8);

// CAD text: code page or UTF-8 bytes with \U+XXXX (surrogate pairs, too) and \M+nXXXX sequences.
struct CadText {
  CodePage page = kWindowsLatin;  // of byte strings, and of UTF-8 files' strings that are not valid
  bool utf8 = false;              // the file says it is UTF-8
  bool guess_utf8 = false;        // no code page is stated: valid UTF-8 is taken for it
};
struct CadTextIssues {
  bool invalid_utf8 = false;  // read in the code page instead
  std::size_t lost_bytes = 0;
};
std::string decode_cad_text(std::string_view raw, const CadText& how, CadTextIssues& issues);

}  // namespace cad
