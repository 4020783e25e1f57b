// SPDX-License-Identifier: Apache-2.0
// The formatting codes of TEXT (%%c, %%d, %%p, %%u, %%o, %%k, %%nnn, ^I ...) and MTEXT
// (\P \~ \\ \{ \f \F \H \W \Q \T \C \c \A \S \L \l \O \o \K \k \U+ \M+ \p \X ^). No fonts needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/style.hpp"

namespace cad::text {

// TEXT, ATTRIB: the value as a reader sees it, plus the ranges that are over-/underlined.
struct PlainText {
  std::string value;  // UTF-8
  struct Line {       // byte ranges [begin, end)
    std::size_t begin = 0, end = 0;
    enum class Kind : std::uint8_t { under, over, strike } kind = Kind::under;
  };
  std::vector<Line> lines;
};
PlainText decode_text(std::string_view raw);

// A piece of MTEXT with one formatting.
struct MTextRun {
  enum class Kind : std::uint8_t {
    text,
    paragraph /* \P */,
    line_break /* \n inside */,
    tab,
    stack,
    column_break /* \N */
  };
  Kind kind = Kind::text;
  std::string text;         // UTF-8; for a stack the numerator
  std::string denominator;  // stacks
  char stack_form = '/';    // '/', '#', '^', '~'
  std::string font;         // "" = the style's; family or SHX file as written
  bool font_is_shx = false;
  bool bold = false, italic = false;
  bool underline = false, overline = false, strike = false;
  double height = 1;  // relative to MText::height
  std::optional<double> absolute_height;
  double width_factor = 1;  // 0 = style's
  bool width_factor_set = false;
  double oblique_deg = 0;
  double tracking = 1;
  std::optional<Color> color;
  std::uint8_t align = 0;  // \A: 0 bottom, 1 center, 2 top
};
struct MTextParagraph {                    // format that holds from its first run on
  double indent = 0, left = 0, right = 0;  // in units of the initial height
  std::uint8_t justify = 0;  // 0 default, 1 left, 2 right, 3 center, 4 justified, 5 distributed
  std::vector<double> tab_stops;
  std::vector<char> tab_kinds;  // one for each stop: 'l', 'c', 'r'
  std::vector<MTextRun> runs;
};
std::vector<MTextParagraph> parse_mtext(std::string_view raw);

// `text.value` of MTEXT: paragraphs separated by \n, stacks as "1/2", codes gone, letters of the
// gdt font as the symbols they draw.
std::string plain_mtext(std::string_view raw);

// A feature control frame's rows (^J) of cells (%%v), each still MTEXT with its codes.
std::vector<std::vector<std::string>> tolerance_cells(std::string_view raw);
// Its text for a reader: cells separated by '|', rows by \n, symbols as Unicode.
std::string plain_tolerance(std::string_view raw);

}  // namespace cad::text
