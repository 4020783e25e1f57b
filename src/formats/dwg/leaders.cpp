// SPDX-License-Identifier: Apache-2.0
// LEADER and TOLERANCE (ODA 20.4.47, 20.4.49).
#include "formats/dwg/leaders.hpp"

#include <cmath>
#include <utility>

#include "formats/acad/dim_overrides.hpp"

namespace cad::dwg {
namespace {

void read_vertices(EntityIn& in, Leader& leader) {
  const std::size_t claimed = in.count(in.ubl(), 6);
  const std::size_t kept = in.loader().room_for_vertices(claimed, in.type());
  leader.vertices.reserve(kept);
  for (std::size_t i = 0; i < claimed && in.ok(); ++i) {
    const Vec3 vertex = in.bd3();
    if (i < kept) leader.vertices.push_back(vertex);
  }
}

double arrow_size(const Leader& leader, const Drawing& drawing) {
  const DimStyle style = leader.style.valid() ? drawing.at(leader.style) : DimStyle{};
  const double scale = leader.overrides.scale.value_or(style.scale);
  return leader.overrides.arrow_size.value_or(style.arrow_size) * (scale > 0 ? scale : 1);
}

// The piece along the text at the end of a leader is never stored. AutoCAD draws one, an arrow
// long, to texts and tolerances when the last segment is steeper than 15 degrees; in DXF it is one
// of the vertices.
void add_hook(EntityIn& in, Leader& leader) {
  constexpr std::uint8_t kTolerance = 1;
  constexpr double kCosine = 0.96592582628906829;  // of 15 degrees
  auto& v = leader.vertices;
  if (leader.annotation_kind > kTolerance || leader.annotation == 0) return;
  if (leader.is_spline || v.size() < 2) return;
  const Vec3 last = v.back();
  const Vec3 segment = last - v[v.size() - 2];
  const double along = length(leader.horizontal_direction);
  const double lengths = length(segment) * along;
  const double size = arrow_size(leader, in.drawing());
  if (!(size > 0) || !(lengths > 0) || !std::isfinite(lengths)) return;
  if (std::abs(dot(segment, leader.horizontal_direction)) >= kCosine * lengths) return;
  if (!in.room_for_vertex(v.size())) return;
  const double step = leader.hook_same_direction ? size : -size;
  v.insert(v.end() - 1, last + leader.horizontal_direction * (step / along));
  leader.has_hook = true;
}

}  // namespace

Geometry read_leader(EntityIn& in) {
  Leader leader;
  in.b();  // unknown
  const std::int16_t annotation = in.bs();
  if (annotation >= 0 && annotation <= 3)
    leader.annotation_kind = static_cast<std::uint8_t>(annotation);
  leader.is_spline = in.bs() == 1;
  read_vertices(in, leader);
  in.bd3();  // origin of its plane
  in.entity().normal = in.bd3();
  leader.horizontal_direction = in.bd3();
  leader.block_offset = in.bd3();
  if (in.from(Version::r14)) leader.annotation_offset = in.bd3();
  if (!in.from(Version::r2000)) in.bd();  // DIMGAP
  // The specification has them always.
  if (!in.from(Version::r2010)) {
    leader.text_height = in.bd();
    leader.text_width = in.bd();
  }
  leader.hook_same_direction = in.b();
  leader.has_arrow = in.b();
  if (!in.from(Version::r2000)) {
    in.bs();  // kind of arrow
    in.bd();  // DIMASZ
    in.b();   // unknown
    in.b();   // unknown
  }
  in.bs();                                // unknown
  if (!in.from(Version::r2000)) in.bs();  // color of what is by block
  in.b();                                 // unknown
  in.b();                                 // unknown
  leader.annotation = in.handle();
  leader.style = in.loader().dim_style(in.handle());
  if (leader.style.valid()) leader.style_name = in.drawing().at(leader.style).name;
  leader.overrides = acad::dim_overrides(in.xdata("ACAD"), in.limits().max_coordinate);
  add_hook(in, leader);
  return Indirect<Leader>(std::move(leader));
}

Geometry read_tolerance(EntityIn& in) {
  Tolerance tolerance;
  if (!in.from(Version::r2000)) {
    in.bs();  // unknown
    in.bd();  // height
    in.bd();  // DIMGAP
  }
  tolerance.position = in.bd3();
  tolerance.x_direction = in.bd3();
  in.entity().normal = in.bd3();
  tolerance.value = in.text();
  tolerance.dim_style = in.loader().dim_style(in.handle());
  if (tolerance.dim_style.valid())
    tolerance.dim_style_name = in.drawing().at(tolerance.dim_style).name;
  return Indirect<Tolerance>(std::move(tolerance));
}

}  // namespace cad::dwg
