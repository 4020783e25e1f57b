// SPDX-License-Identifier: Apache-2.0
// SOLID, TRACE, 3DFACE (ODA 20.4.32, 20.4.35, 20.4.36).
#include "formats/dwg/solids.hpp"

namespace cad::dwg {
namespace {

Geometry read_corners(EntityIn& in, Solid::Kind kind) {
  Solid solid;
  solid.kind = kind;
  in.entity().thickness = in.thickness(in.version());
  const double elevation = in.bd();
  for (Vec3& corner : solid.corners) {
    const Vec2 p = in.rd2();
    corner = {p.x, p.y, elevation};
  }
  in.entity().normal = in.extrusion(in.version());
  return solid;
}

Vec3 read_next_corner(EntityIn& in, Vec3 before) {
  return {in.dd(before.x), in.dd(before.y), in.dd(before.z)};
}

}  // namespace

Geometry read_solid(EntityIn& in) { return read_corners(in, Solid::Kind::solid); }
Geometry read_trace(EntityIn& in) { return read_corners(in, Solid::Kind::trace); }

Geometry read_face3d(EntityIn& in) {
  Solid face;
  face.kind = Solid::Kind::face3d;
  auto& corners = face.corners;
  if (!in.from(Version::r2000)) {
    for (Vec3& corner : corners) corner = in.bd3();
    face.invisible_edges = static_cast<std::uint8_t>(in.bs() & 15);
    return face;
  }
  const bool no_flags = in.b();
  const bool flat = in.b();
  corners[0].x = in.rd();
  corners[0].y = in.rd();
  if (!flat) corners[0].z = in.rd();
  for (std::size_t i = 1; i < corners.size(); ++i)
    corners[i] = read_next_corner(in, corners[i - 1]);
  if (!no_flags) face.invisible_edges = static_cast<std::uint8_t>(in.bs() & 15);
  return face;
}

}  // namespace cad::dwg
