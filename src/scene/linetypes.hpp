// SPDX-License-Identifier: Apache-2.0
// Linetypes: a path cut into dashes, gaps and dots, and the places of texts along it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "geom/path.hpp"
#include "model/tables.hpp"

namespace cad::scene::detail {

class Emitter;

struct LinetypeMark {
  std::uint32_t element = 0;
  Vec2 position;
  Vec2 direction;  // unit, along the path
};

// Appends the dashes of `path` to `out` (dots as lines of no length) and returns how many units of
// work that was. None: draw it continuous, because it is shorter than one pattern, would need more
// than `max_dashes`, or the pattern has no length. The pattern is laid so that both ends of a run
// carry dashes (alignment A of the DXF Reference). A run is a whole subpath, or each of its
// segments when `whole` is false. `pieces` grows by the straight pieces that were walked: work to
// be paid for even when no dash comes of it.
std::optional<std::size_t> dash(const Path& path, const Linetype& linetype, double scale,
                                bool whole, std::size_t max_dashes, Path& out,
                                std::vector<LinetypeMark>& marks, std::size_t& pieces);

// Draws the texts of a complex linetype.
void draw_marks(Emitter& out, const Linetype& linetype, const std::vector<LinetypeMark>& marks);

}  // namespace cad::scene::detail
