// SPDX-License-Identifier: Apache-2.0
// The wireframe of ACIS boundary data: the edges of its faces and the isolines of curved faces, as
// straight pieces.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/vec.hpp"

namespace cad::acis {

using Segment = std::array<Vec3, 2>;

struct Wireframe {
  std::vector<Segment> segments;  // edges, then isolines; in the drawing's coordinates
  std::size_t left_out = 0;       // edges on curves that are not understood
};

// `data`: text (deciphered) or binary. At most `max_segments`. Curves become chords, none of which
// turns by more than a 64th of a full turn: they are off by at most 0.12 % of the radius.
Wireframe wireframe(std::string_view data, std::size_t max_segments);

}  // namespace cad::acis
