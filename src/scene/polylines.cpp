// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "geom/arcs.hpp"
#include "scene/families.hpp"
#include "scene/linetypes.hpp"
#include "scene/wide.hpp"

namespace cad::scene::detail {
namespace {

bool has_width(std::span<const LwVertex> vertices) {
  return std::any_of(vertices.begin(), vertices.end(),
                     [](const LwVertex& v) { return v.start_width != 0 || v.end_width != 0; });
}

// One width everywhere, or none.
std::optional<double> one_width(std::span<const LwVertex> vertices, bool closed) {
  const std::size_t used = closed ? vertices.size() : vertices.size() - 1;
  const double width = vertices[0].start_width;
  for (std::size_t i = 0; i < used; ++i)
    if (vertices[i].start_width != width || vertices[i].end_width != width) return {};
  return width;
}

void draw_wide(Emitter& out, std::span<const LwVertex> vertices, bool closed, bool plinegen,
               const Affine& plane) {
  Path area;
  const Linetype* linetype = find(out.drawing().linetypes, out.look.linetype);
  const std::optional<double> width = one_width(vertices, closed);
  if (linetype != nullptr && width && out.sink->wants_detail()) {
    Path center, dashes;
    std::vector<LinetypeMark> marks;
    add_polyline(center, vertices, closed, Affine{});
    // Dashes are cut in the polyline's plane; its scale is the sheet's but for odd projections.
    const auto most = std::min<std::uint64_t>(out.context.limits.max_dashes, out.detail_left());
    const double scale = std::sqrt(std::abs(plane.determinant()));
    std::size_t pieces = 0;
    if (scale > 0 && dash(center, *linetype, out.look.dash_scale / scale, plinegen,
                          static_cast<std::size_t>(most), dashes, marks, pieces))
      add_wide_path(area, dashes, *width);
    if (!out.spend(pieces / 16)) return;
    out.spend_detail(dashes.verbs.size() / 2);
    if (most == 0) out.warn_of_lost_detail();
  }
  if (area.empty()) add_wide_polyline(area, vertices, closed);
  transform(area, plane);
  out.fill(area, FillRule::non_zero, out.look.color);
}

void draw_flat(Emitter& out, std::span<const LwVertex> vertices, bool closed, bool plinegen,
               const Affine& plane) {
  if (vertices.empty() || !out.spend(vertices.size() / 16)) return;
  const bool wide = vertices.size() > 1 && has_width(vertices);
  if (wide && out.drawing().header.fill_mode) {
    draw_wide(out, vertices, closed, plinegen, plane);
    // Segments without width are still lines.
    const bool all_wide =
        std::none_of(vertices.begin(), vertices.end() - (closed ? 0 : 1),
                     [](const LwVertex& v) { return v.start_width == 0 && v.end_width == 0; });
    if (all_wide) return;
  } else if (wide) {
    Path area;
    add_wide_polyline(area, vertices, closed);
    transform(area, plane);
    return out.stroke_plain(area);
  }
  out.path.clear();
  add_polyline(out.path, vertices, closed, plane);
  out.stroke(out.path, plinegen);
}

void draw_space(Emitter& out, const Polyline& polyline) {
  out.path.clear();
  for (const PolyVertex& vertex : polyline.vertices) {
    if ((vertex.flags & 16) != 0) continue;  // control point of a spline frame
    const Vec2 p = out.frame.view(vertex.position);
    out.path.empty() ? out.path.move_to(p) : out.path.line_to(p);
  }
  if (polyline.closed() && !out.path.empty()) out.path.close();
  out.stroke(out.path, polyline.plinegen());
}

}  // namespace

void add_polyline(Path& path, std::span<const LwVertex> v, bool closed, const Affine& plane) {
  if (v.empty()) return;
  const auto at = [&](std::size_t i) { return Vec2{v[i].x, v[i].y}; };
  path.move_to(plane(at(0)));
  const auto add = [&](std::size_t i, std::size_t k) {
    if (is_straight(at(i), at(k), v[i].bulge))
      path.line_to(plane(at(k)));
    else
      add_arc(path, bulge_arc(at(i), at(k), v[i].bulge), plane, false);
  };
  for (std::size_t i = 0; i + 1 < v.size(); ++i) add(i, i + 1);
  if (!closed) return;
  if (!is_straight(at(v.size() - 1), at(0), v.back().bulge)) add(v.size() - 1, 0);
  path.close();
}

void draw(Emitter& out, const LwPolyline& polyline, const Entity& entity) {
  const Affine plane = out.frame.view.plane(Ocs(entity.normal), polyline.elevation);
  if (!polyline.has_constant_width || polyline.constant_width == 0)
    return draw_flat(out, polyline.vertices, polyline.closed, polyline.plinegen, plane);
  std::vector<LwVertex> vertices = polyline.vertices;
  for (LwVertex& v : vertices) v.start_width = v.end_width = polyline.constant_width;
  draw_flat(out, vertices, polyline.closed, polyline.plinegen, plane);
}

void draw(Emitter& out, const Indirect<Polyline>& polyline, const Entity& entity) {
  switch (polyline->kind) {
    case Polyline::Kind::poly3d: return draw_space(out, *polyline);
    case Polyline::Kind::mesh: return draw_mesh(out, *polyline);
    case Polyline::Kind::polyface: return draw_polyface(out, *polyline);
    case Polyline::Kind::poly2d: break;
  }
  std::vector<LwVertex> vertices;
  vertices.reserve(polyline->vertices.size());
  for (const PolyVertex& v : polyline->vertices)
    if ((v.flags & 16) == 0)
      vertices.push_back({v.position.x, v.position.y, v.bulge, v.start_width, v.end_width});
  draw_flat(out, vertices, polyline->closed(), polyline->plinegen(),
            out.frame.view.plane(Ocs(entity.normal), polyline->elevation));
}

}  // namespace cad::scene::detail
