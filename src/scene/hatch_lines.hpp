// SPDX-License-Identifier: Apache-2.0
// Pattern lines of a hatch, clipped to its boundary.
#pragma once

#include <cstddef>
#include <span>

#include "geom/path.hpp"
#include "model/hatch.hpp"
#include "scene/sink.hpp"

namespace cad::scene::detail {

struct PatternBudget {
  std::size_t lines, pieces;  // what is left; pieces are dashes, and what finding them costs
};

// Appends the lines, dashes and dots (lines of no length) of the pattern inside the boundary, all
// in the hatch's plane. False when the budget, which shrinks by what was done, does not suffice:
// too dense to be told apart, a tint serves better. `out` is then unfinished.
bool add_pattern_lines(const Path& boundary, FillRule rule, std::span<const HatchPatternLine> lines,
                       PatternBudget& budget, Path& out);

}  // namespace cad::scene::detail
