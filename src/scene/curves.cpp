// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "geom/arcs.hpp"
#include "geom/nurbs.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

void stroke_arc(Emitter& out, const EllipticArc& arc, const Affine& plane) {
  out.path.clear();
  add_arc(out.path, arc, plane, true);
  out.stroke(out.path);
}

void stroke_spline(Emitter& out, const Spline& spline) {
  if (!out.spend_repeated(spline.control_points.size() + spline.fit_points.size())) return;
  const std::vector<Vec3> beziers = to_beziers(spline);
  out.path.clear();
  add_beziers(out.path, beziers, out.frame.view);
  out.stroke(out.path);
}

// The part of base + t * direction (t >= from) inside the box grown to a margin, as a line.
void stroke_infinite(Emitter& out, Vec2 base, Vec2 direction, double from) {
  if (out.measuring() || !(length(direction) > 0)) return;
  Box2 box = out.window();
  if (box.empty()) {  // nothing else to see: some room around the base point
    box.add(base - Vec2{10, 10});
    box.add(base + Vec2{10, 10});
  }
  const double margin = std::max({box.width(), box.height(), 1e-6}) * 0.05;
  double t0 = from, t1 = INFINITY;
  const auto clip = [&](double p, double d, double lo, double hi) {
    if (d == 0) {
      if (p < lo || p > hi) t1 = -INFINITY;
      return;
    }
    double a = (lo - p) / d, b = (hi - p) / d;
    if (a > b) std::swap(a, b);
    t0 = std::max(t0, a);
    t1 = std::min(t1, b);
  };
  clip(base.x, direction.x, box.min_x - margin, box.max_x + margin);
  clip(base.y, direction.y, box.min_y - margin, box.max_y + margin);
  if (!(t0 < t1)) return;
  out.path.clear();
  out.path.move_to(base + direction * t0);
  out.path.line_to(base + direction * t1);
  out.stroke(out.path);
}

void add_segment(Path& path, const Affine& map, Vec2 a, Vec2 b) {
  path.move_to(map(a));
  path.line_to(map(b));
}

// $PDMODE: the low bits choose the mark, 32 adds a circle, 64 a square, about `map`'s origin with
// half the figure's size as unit.
void add_point_figure(Path& path, std::int32_t mode, const Affine& map) {
  switch (mode & 7) {
    case 2:
      add_segment(path, map, {-2, 0}, {2, 0});
      add_segment(path, map, {0, -2}, {0, 2});
      break;
    case 3:
      add_segment(path, map, {-1, -1}, {1, 1});
      add_segment(path, map, {-1, 1}, {1, -1});
      break;
    case 4: add_segment(path, map, {0, 0}, {0, 1}); break;
    case 1: break;
    default: add_segment(path, map, {0, 0}, {0, 0}); break;
  }
  if ((mode & 32) != 0) add_arc(path, {{0, 0}, {1, 0}, {0, 1}, 0, 2 * std::numbers::pi}, map, true);
  if ((mode & 64) != 0) {
    path.move_to(map({-1, -1}));
    for (const Vec2 p : {Vec2{1, -1}, Vec2{1, 1}, Vec2{-1, 1}}) path.line_to(map(p));
    path.close();
  }
}

}  // namespace

void add_arc(Path& path, const EllipticArc& arc, const Affine& plane, bool start) {
  const EllipticArc seen{plane(arc.center), plane.direction(arc.u), plane.direction(arc.v), arc.t0,
                         arc.t1};
  if (start) path.move_to(seen.center + seen.u * std::cos(seen.t0) + seen.v * std::sin(seen.t0));
  path.arc_to(seen);
}

void add_beziers(Path& path, std::span<const Vec3> beziers, const Projection& view) {
  if (beziers.size() < 4) return;
  path.move_to(view(beziers[0]));
  for (std::size_t i = 1; i + 2 < beziers.size(); i += 3)
    path.cubic_to(view(beziers[i]), view(beziers[i + 1]), view(beziers[i + 2]));
}

void draw(Emitter& out, const Line& line, const Entity&) {
  out.path.clear();
  out.path.move_to(out.frame.view(line.start));
  out.path.line_to(out.frame.view(line.end));
  out.stroke(out.path);
}

void draw(Emitter& out, const Point& point, const Entity&) {
  if (out.frame.in_dimension) return;  // definition points are handles, no part of the picture
  const Header& header = out.drawing().header;
  const Vec2 at = out.frame.view(point.position);
  const std::int32_t mode = header.pdmode;
  const bool relative = !(header.pdsize > 0);
  out.path.clear();
  if ((mode & ~96) == 0 && (mode & 96) == 0) {
    out.path.move_to(at);
    out.path.line_to(at);
    return out.stroke_plain(out.path);
  }
  double half = 0;
  if (!relative) {
    half = header.pdsize / 2 * length(out.frame.view.direction({0, 1, 0}));
  } else if (!out.measuring()) {
    // A share of the view's height: 5 % for 0, else what the negative value says.
    const double share = header.pdsize < 0 ? -header.pdsize / 100 : 0.05;
    const Box2& window = out.window();
    half = window.empty() ? 1 : std::max(window.height(), window.width() / 4) * share / 2;
  }
  const double angle = -point.x_axis_angle_deg * kDegree;
  const double c = std::cos(angle) * half, s = std::sin(angle) * half;
  add_point_figure(out.path, mode, {c, s, -s, c, at.x, at.y});
  if (out.measuring()) {
    out.path.move_to(at);
    out.path.line_to(at);
  }
  out.stroke_plain(out.path);
}

void draw(Emitter& out, const Circle& circle, const Entity& entity) {
  stroke_arc(out, to_arc(circle), out.frame.view.plane(Ocs(entity.normal), circle.center.z));
}

void draw(Emitter& out, const Arc& arc, const Entity& entity) {
  stroke_arc(out, to_arc(arc), out.frame.view.plane(Ocs(entity.normal), arc.center.z));
}

void draw(Emitter& out, const Ellipse& ellipse, const Entity& entity) {
  const Vec3 minor = minor_axis(ellipse, entity.normal);
  const Projection& view = out.frame.view;
  const double sweep = ccw_sweep(ellipse.start_param, ellipse.end_param);
  stroke_arc(out,
             {view(ellipse.center), view.direction(ellipse.major_axis), view.direction(minor),
              ellipse.start_param, ellipse.start_param + sweep},
             Affine{});
}

void draw(Emitter& out, const Indirect<Spline>& spline, const Entity&) {
  stroke_spline(out, *spline);
}

void draw(Emitter& out, const Indirect<Helix>& helix, const Entity&) {
  stroke_spline(out, helix->spline);
}

void draw(Emitter& out, const Ray& ray, const Entity&) {
  stroke_infinite(out, out.frame.view(ray.start), out.frame.view.direction(ray.direction), 0);
}

void draw(Emitter& out, const XLine& line, const Entity&) {
  stroke_infinite(out, out.frame.view(line.base), out.frame.view.direction(line.direction),
                  -INFINITY);
}

}  // namespace cad::scene::detail
