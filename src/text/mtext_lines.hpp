// SPDX-License-Identifier: Apache-2.0
// MTEXT -> lines of measured pieces. Lengths are drawing units.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "text/codes.hpp"
#include "text/placing.hpp"

namespace cad::text {

// A run's format with everything resolved.
struct RunFormat {
  FontChoice font;
  double height = 1;
  double width_factor = 1;  // font.width_scale included
  double oblique_deg = 0;
  double tracking = 1;
};

struct Piece {
  enum class Kind : std::uint8_t { word, space, tab, stack };
  Kind kind = Kind::word;
  bool break_before = false;         // a line may start here
  std::uint32_t run = 0;             // of MTextContent::runs
  std::uint32_t begin = 0, end = 0;  // bytes of the run's text
  double x = 0;                      // from the line's start, once it is set
  double width = 0;
  double trailing = 0;          // blank at its end, not part of a line's ink
  double above = 0, below = 0;  // of the baseline
};

struct MTextLine {
  std::size_t begin = 0, end = 0;  // pieces
  std::uint32_t paragraph = 0;
  bool first = false, last = false;  // of the paragraph
  bool ends_column = false;          // \N
  double width = 0;                  // without hanging blanks
  double height = 0;                 // the highest text
  double above = 0, below = 0;
};

struct MTextContent {
  std::vector<MTextParagraph> paragraphs;
  std::vector<const MTextRun*> runs;  // of all paragraphs, in order
  std::vector<RunFormat> formats;     // one for each run
  std::vector<Piece> pieces;
  std::vector<MTextLine> lines;
};

// How a stacked fraction stands: the baselines of its parts and the bar, from its lower edge.
struct StackForm {
  double numerator_x = 0, numerator_y = 0, denominator_x = 0, denominator_y = 0;
  double width = 0, height = 0;
  double bar_y = 0;
  bool bar = false, slash = false;
};
StackForm stack_form(const MTextRun& run, const RunFormat& format, Placer& placer);

// Parses, measures, and breaks lines at `wrap_width` (0: only where the text says so).
MTextContent break_lines(const MText& text, const TextStyle& style, double wrap_width,
                         Placer& placer);

}  // namespace cad::text
