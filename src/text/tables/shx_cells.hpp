// SPDX-License-Identifier: Apache-2.0
// How wide SHX fonts set ASCII text. Stroke fonts start a character at the pen and leave a constant
// gap behind it. txt: drawn on a grid of 6 units to the cap height. simplex, romans and the other
// Hershey romans: 21 units. Checked against the alignment points that AutoCAD stored beside the
// start points of centered and right-aligned texts.
#pragma once

#include <array>
#include <cstdint>

namespace cad::text {

struct ShxCells {
  double cap = 1;      // units
  double gap = 0;      // units: part of each advance
  double descent = 0;  // units
  std::array<std::uint8_t, 95> advance{};  // of U+0020 .. U+007E
};

// clang-format off
inline constexpr ShxCells kTxtCells{6, 2, 2, {
    6, 2, 4, 6, 6, 6, 6, 3, 4, 4, 6, 6, 3, 6, 2, 6,            //  !"#$%&'()*+,-./
    6, 4, 6, 6, 6, 6, 6, 6, 6, 6, 2, 3, 5, 6, 5, 6,            // 0-9:;<=>?
    6, 6, 6, 6, 6, 6, 6, 6, 6, 4, 6, 6, 6, 6, 6, 6,            // @A-O
    6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 4, 6, 4, 6, 6,            // P-Z[\]^_
    3, 6, 6, 6, 6, 6, 5, 6, 6, 2, 5, 5, 4, 6, 6, 6,            // `a-o
    6, 6, 6, 6, 5, 6, 6, 6, 6, 6, 6, 4, 2, 4, 6}};             // p-z{|}~

inline constexpr ShxCells kSimplexCells{21, 6, 7, {
    19, 10, 16, 21, 20, 24, 26, 10, 14, 14, 16, 26, 10, 26, 10, 22,
    20, 16, 20, 20, 20, 20, 20, 20, 20, 20, 10, 10, 24, 26, 24, 18,
    27, 18, 21, 21, 21, 19, 18, 21, 22, 8, 16, 21, 17, 24, 22, 22,
    21, 22, 21, 20, 16, 22, 18, 24, 20, 18, 20, 14, 14, 14, 16, 16,
    10, 19, 19, 18, 19, 18, 12, 19, 19, 8, 10, 17, 8, 30, 19, 19,
    19, 19, 13, 17, 12, 19, 16, 22, 17, 16, 17, 14, 8, 14, 24}};

inline constexpr ShxCells kMonoCells{6, 2, 2, {
    6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
    6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
    6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6}};
// clang-format on

}  // namespace cad::text
