// SPDX-License-Identifier: Apache-2.0
// Entities astray: a point left at the origin of a drawing in national coordinates makes the
// drawing itself invisible.
#pragma once

#include <span>
#include <vector>

#include "base/vec.hpp"

namespace cad::scene::detail {

// Indices of boxes to leave out of the visible extents; empty = none, which is the rule. Boxes are
// left out only when all of this holds: they are at most 1 % of the boxes (at least one may be,
// at most 100); at least 20 others remain; the extents of the others are at most 1/1000 of the
// extents of all, so that they would be a dot of two pixels in a preview. What is "others" is the
// set within 50 times the spread (90th percentile) of the median center.
std::vector<std::size_t> find_outliers(std::span<const Box2> boxes);

}  // namespace cad::scene::detail
