// SPDX-License-Identifier: Apache-2.0
// The area of polylines with width: constant or tapered segments, arcs, mitered joints.
#pragma once

#include <span>

#include "geom/path.hpp"
#include "model/polylines.hpp"

namespace cad::scene::detail {

// Appends closed subpaths, all in the same direction of rotation (fill non-zero), in the polyline's
// plane. Segments without width give nothing.
void add_wide_polyline(Path& out, std::span<const LwVertex> vertices, bool closed);

// The same for the pieces of a path of lines and circular arcs, at one width.
void add_wide_path(Path& out, const Path& path, double width);

}  // namespace cad::scene::detail
