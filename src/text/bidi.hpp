// SPDX-License-Identifier: Apache-2.0
// Right-to-left text within one line: embedding levels without explicit controls (a subset of the
// Unicode Bidirectional Algorithm: strong, number and neutral types; rules P2-3, W2, W4, W7, N1-2,
// I1-2, L2).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cad::text {

bool is_right_to_left(char32_t code);

struct BidiRun {
  std::size_t begin = 0, end = 0;  // code points
  bool right_to_left = false;
};
// In visual order, left to right.
std::vector<BidiRun> bidi_runs(std::span<const char32_t> codes);

}  // namespace cad::text
