// SPDX-License-Identifier: Apache-2.0
// Object coordinate systems: the arbitrary axis algorithm of the DXF Reference ("Object Coordinate
// Systems"), and what planar entities are in world coordinates.
#pragma once

#include "base/vec.hpp"
#include "geom/path.hpp"

namespace cad {

struct Ocs {
  Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  bool is_wcs = true;         // normal (0,0,1)
  bool is_mirrored = false;   // normal (0,0,-1): x is negated, the plane is still horizontal
  explicit Ocs(Vec3 normal);  // not unit: normalized; zero or non-finite: (0,0,1)
  Vec3 to_wcs(Vec3 p) const { return x * p.x + y * p.y + z * p.z; }
  // The part that the top view sees: OCS plane at elevation z -> WCS xy.
  Affine top_view(double elevation = 0) const;
};

}  // namespace cad
