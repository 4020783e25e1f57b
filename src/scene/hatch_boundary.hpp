// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "geom/path.hpp"
#include "model/hatch.hpp"
#include "scene/sink.hpp"

namespace cad::scene::detail {

// The closed outlines of the loops that bound the fill under the hatch's style, in its own plane:
// 0 all loops with even-odd islands, 1 external and outermost ones, 2 external ones only. Flags
// that exclude every loop are not believed. Boxes around texts are never filled, wherever they lie.
struct HatchBoundary {
  Path path, text_boxes;
  FillRule rule = FillRule::even_odd;
};
HatchBoundary hatch_boundary(const Hatch& hatch);

}  // namespace cad::scene::detail
