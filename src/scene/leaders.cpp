// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "geom/nurbs.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {

void draw_arrow(Emitter& out, Vec3 tip, Vec3 direction, Vec3 normal, double size, BlockId block) {
  const double n = length(direction);
  if (!(size > 0) || !(n > 0) || !std::isfinite(n)) return;
  const Vec3 d = direction * (1 / n);
  const Vec3 side = cross(Ocs(normal).z, d);
  if (find(out.drawing().blocks, block) != nullptr) {  // drawn pointing to +x, one unit long
    Placement placement;
    placement.x = d * size;
    placement.y = side * size;
    placement.z = Ocs(normal).z * size;
    placement.origin = tip;
    draw_block(out, block, placement);
    return;
  }
  const Vec3 back = tip - d * size;
  out.path.clear();
  out.path.move_to(out.frame.view(tip));
  out.path.line_to(out.frame.view(back + side * (size / 6)));
  out.path.line_to(out.frame.view(back - side * (size / 6)));
  out.path.close();
  out.fill(out.path, FillRule::non_zero, out.look.color);
}

namespace {

BlockId block_of_record(const Drawing& drawing, Handle handle) {
  for (std::uint32_t i = 0; handle != 0 && i < drawing.blocks.size(); ++i)
    if (drawing.blocks[i].handle == handle) return {i};
  return {};
}

}  // namespace

void draw(Emitter& out, const Indirect<Leader>& leader, const Entity& entity) {
  const auto& v = leader->vertices;
  if (v.size() < 2) return;
  const DimStyle* found = find(out.drawing().dim_styles, leader->style);
  const DimStyle style = found != nullptr ? *found : DimStyle{};
  const DimOverrides& o = leader->overrides;
  out.set_color(o.line_color.value_or(style.line_color));
  out.look.pen.color = out.look.color;
  out.path.clear();
  if (leader->is_spline && v.size() > 2) {
    Spline spline;
    spline.fit_points = v;
    add_beziers(out.path, to_beziers(spline), out.frame.view);
  } else {
    for (std::size_t i = 0; i < v.size(); ++i)
      i == 0 ? out.path.move_to(out.frame.view(v[i])) : out.path.line_to(out.frame.view(v[i]));
  }
  out.stroke(out.path, false);
  const double scale = o.scale.value_or(style.scale);
  const double size = o.arrow_size.value_or(style.arrow_size) * (scale > 0 ? scale : 1);
  // No room for the arrow on a first segment shorter than two of it.
  if (!leader->has_arrow || length(v[1] - v[0]) < 2 * size) return;
  draw_arrow(out, v[0], v[0] - v[1], entity.normal, size,
             block_of_record(out.drawing(), o.leader_arrow.value_or(style.leader_arrow)));
}

}  // namespace cad::scene::detail
