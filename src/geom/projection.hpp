// SPDX-License-Identifier: Apache-2.0
// Space -> sheet: the two rows of a 3D affine map that a parallel view needs, and the placement of
// a block in space. Kept in doubles; nothing is rounded on the way.
#pragma once

#include "base/vec.hpp"
#include "geom/ocs.hpp"
#include "geom/path.hpp"

namespace cad {

// Block coordinates -> the coordinates around the insert.
struct Placement {
  Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  Vec3 origin;
  Vec3 direction(Vec3 v) const { return x * v.x + y * v.y + z * v.z; }
  Vec3 operator()(Vec3 p) const { return direction(p) + origin; }
};

struct Projection {
  Vec3 row_x{1, 0, 0}, row_y{0, 1, 0};
  Vec2 offset;
  Vec2 direction(Vec3 v) const { return {dot(row_x, v), dot(row_y, v)}; }
  Vec2 operator()(Vec3 p) const { return direction(p) + offset; }
  // A plane of space, given by an origin and two axes -> the sheet.
  Affine plane(Vec3 origin, Vec3 x, Vec3 y) const {
    const Vec2 u = direction(x), v = direction(y), o = (*this)(origin);
    return {u.x, u.y, v.x, v.y, o.x, o.y};
  }
  Affine plane(const Ocs& ocs, double elevation = 0) const {
    return plane(ocs.z * elevation, ocs.x, ocs.y);
  }
};

// What the view shows of the block's own coordinates.
inline Projection operator*(const Projection& view, const Placement& placed) {
  Projection out;
  const auto row = [&](Vec3 r) {
    return Vec3{dot(r, placed.x), dot(r, placed.y), dot(r, placed.z)};
  };
  out.row_x = row(view.row_x);
  out.row_y = row(view.row_y);
  out.offset = view(placed.origin);
  return out;
}

}  // namespace cad
