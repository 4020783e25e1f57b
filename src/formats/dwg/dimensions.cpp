// SPDX-License-Identifier: Apache-2.0
// DIMENSION of all kinds (ODA 20.4.22 to 20.4.29), ARC_DIMENSION (20.4.19) and
// LARGE_RADIAL_DIMENSION (20.4.30).
#include "formats/dwg/dimensions.hpp"

#include <utility>

#include "formats/acad/dim_overrides.hpp"

namespace cad::dwg {
namespace {

using Kind = Dimension::Kind;

constexpr double kDegrees = 180 / 3.14159265358979323846;

// The low bits of DXF group 70.
std::uint16_t kind_bits(Kind kind) {
  switch (kind) {
    case Kind::arc: return 5;
    case Kind::jogged_radius: return 9;
    default: return static_cast<std::uint16_t>(kind);
  }
}

template <class T>
T within(std::int32_t value, std::int32_t low, std::int32_t high, T otherwise) {
  return value >= low && value <= high ? static_cast<T>(value) : otherwise;
}

Dimension read_common_dimension(EntityIn& in, Kind kind) {
  Dimension d;
  d.kind = kind;
  if (in.from(Version::r2010)) in.rc();  // version
  in.entity().normal = in.bd3();
  const Vec2 text_midpoint = in.rd2();
  const double elevation = in.bd();
  d.text_midpoint = {text_midpoint.x, text_midpoint.y, elevation};
  const std::uint8_t flags = in.rc();
  d.flags = kind_bits(kind);
  if ((flags & 1) == 0) d.flags |= 128;
  if ((flags & 2) != 0) d.flags |= 32;
  d.text = in.text();
  d.text_rotation_deg = in.bd() * kDegrees;
  d.horizontal_deg = in.bd() * kDegrees;
  in.bd3();  // scales of the block
  in.bd();   // its rotation
  if (in.from(Version::r2000)) {
    d.attachment = within<std::uint8_t>(in.bs(), 1, 9, 5);
    d.line_spacing_style = within<std::uint8_t>(in.bs(), 1, 2, 1);
    d.line_spacing = in.bd();
    d.measurement = in.bd();
  }
  if (in.from(Version::r2007)) {
    in.b();  // unknown
    in.b();  // first arrow flipped
    in.b();  // second arrow flipped
  }
  const Vec2 insertion = in.rd2();
  d.insertion_point = {insertion.x, insertion.y, elevation};
  return d;
}

// The handles, and what the extended data overrides.
Geometry finish(EntityIn& in, Dimension&& d) {
  d.style = in.loader().dim_style(in.handle());
  if (d.style.valid()) d.style_name = in.drawing().at(d.style).name;
  d.block = in.loader().block(in.handle());
  d.overrides = acad::dim_overrides(in.xdata("ACAD"), in.limits().max_coordinate);
  return Indirect<Dimension>(std::move(d));
}

void read_aligned_points(EntityIn& in, Dimension& d) {
  d.point13 = in.bd3();
  d.point14 = in.bd3();
  d.definition_point = in.bd3();
  d.extension_oblique_deg = in.bd() * kDegrees;
}

}  // namespace

Geometry read_ordinate_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::ordinate);
  d.definition_point = in.bd3();
  d.point13 = in.bd3();
  d.point14 = in.bd3();
  d.ordinate_x = (in.rc() & 1) != 0;
  if (d.ordinate_x) d.flags |= 64;
  return finish(in, std::move(d));
}

Geometry read_linear_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::linear);
  read_aligned_points(in, d);
  d.rotation_deg = in.bd() * kDegrees;
  return finish(in, std::move(d));
}

Geometry read_aligned_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::aligned);
  read_aligned_points(in, d);
  return finish(in, std::move(d));
}

Geometry read_angular3p_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::angular3p);
  d.definition_point = in.bd3();
  d.point13 = in.bd3();
  d.point14 = in.bd3();
  d.point15 = in.bd3();
  return finish(in, std::move(d));
}

Geometry read_angular_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::angular);
  const Vec2 arc = in.rd2();
  d.point16 = {arc.x, arc.y, d.text_midpoint.z};
  d.point13 = in.bd3();
  d.point14 = in.bd3();
  d.point15 = in.bd3();
  d.definition_point = in.bd3();
  return finish(in, std::move(d));
}

Geometry read_radius_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::radius);
  d.definition_point = in.bd3();
  d.point15 = in.bd3();
  d.leader_length = in.bd();
  return finish(in, std::move(d));
}

Geometry read_diameter_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::diameter);
  d.point15 = in.bd3();
  d.definition_point = in.bd3();
  d.leader_length = in.bd();
  return finish(in, std::move(d));
}

Geometry read_arc_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::arc);
  d.definition_point = in.bd3();
  d.point13 = in.bd3();
  d.point14 = in.bd3();
  d.point15 = in.bd3();
  d.arc_is_partial = in.b();
  d.arc_start = in.bd();
  d.arc_end = in.bd();
  d.arc_has_leader = in.b();
  d.point16 = in.bd3();
  d.point17 = in.bd3();
  return finish(in, std::move(d));
}

Geometry read_large_radial_dimension(EntityIn& in) {
  Dimension d = read_common_dimension(in, Kind::jogged_radius);
  d.definition_point = in.bd3();
  d.point13 = in.bd3();
  d.jog_angle = in.bd();
  d.point14 = in.bd3();
  d.point15 = in.bd3();
  return finish(in, std::move(d));
}

}  // namespace cad::dwg
