// SPDX-License-Identifier: Apache-2.0
// The wireframe of ACIS boundary data: the edges of its faces as straight pieces, and the isolines
// of spheres and tori, which have none.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/vec.hpp"

namespace cad::acis {

using Segment = std::array<Vec3, 2>;

// `data`: text (deciphered) or binary. At most `max_segments`; edges on curves that are not
// understood are left out. Coordinates are the drawing's, the body's own transformation applied.
std::vector<Segment> wireframe(std::string_view data, std::size_t max_segments);

}  // namespace cad::acis
