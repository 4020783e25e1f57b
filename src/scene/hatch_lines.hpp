// SPDX-License-Identifier: Apache-2.0
// Pattern lines of a hatch, clipped to its boundary.
#pragma once

#include <cstddef>
#include <span>

#include "geom/path.hpp"
#include "model/hatch.hpp"
#include "scene/sink.hpp"

namespace cad::scene::detail {

// Appends the lines, dashes and dots (lines of no length) of the pattern inside the boundary, all
// in the hatch's plane. False when there would be more than `max_lines` lines or, dashes counted,
// four times as many pieces: too dense to be told apart, a tint serves better. `out` is then
// unfinished.
bool add_pattern_lines(const Path& boundary, FillRule rule, std::span<const HatchPatternLine> lines,
                       std::size_t max_lines, Path& out);

}  // namespace cad::scene::detail
