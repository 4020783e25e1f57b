// SPDX-License-Identifier: Apache-2.0
#include "geom/measure.hpp"

#include <cmath>
#include <numbers>
#include <span>

#include "geom/arcs.hpp"

namespace cad {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDegree = kPi / 180;

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

void set_closed(Metrics& out, double length, double area) {
  out.length = out.perimeter = finite(length);
  out.area = finite(std::abs(area));
}

// Sums over the segments of a polyline with bulges. Areas are taken about the first vertex, so that
// outlines far from the origin keep their digits.
struct Outline {
  double length = 0, area = 0;
  void add(Vec2 origin, Vec2 from, Vec2 to, double bulge) {
    length += bulge_length(from, to, bulge);
    area += cross(from - origin, to - origin) / 2 + bulge_area(from, to, bulge);
  }
};

double polygon_area(std::span<const Vec2> p) {
  double sum = 0;
  for (std::size_t i = 1; i + 1 < p.size(); ++i) sum += cross(p[i] - p[0], p[i + 1] - p[0]);
  return sum / 2;
}

Metrics of(const Line& line, const Entity&) {
  Metrics out;
  out.length = finite(length(line.end - line.start));
  return out;
}

Metrics of(const Circle& circle, const Entity&) {
  Metrics out;
  const double r = std::abs(circle.radius);
  set_closed(out, 2 * kPi * r, kPi * r * r);
  return out;
}

Metrics of(const Arc& arc, const Entity&) {
  Metrics out;
  const double sweep = ccw_sweep(arc.start_angle_deg * kDegree, arc.end_angle_deg * kDegree);
  out.length = finite(std::abs(arc.radius) * sweep);
  return out;
}

Metrics of(const Ellipse& ellipse, const Entity&) {
  Metrics out;
  const double a = length(ellipse.major_axis), b = a * std::abs(ellipse.ratio);
  const double sweep = ccw_sweep(ellipse.start_param, ellipse.end_param);
  const bool full = std::abs(sweep - 2 * kPi) < 1e-9;
  if (full)
    set_closed(out, ellipse_perimeter(a, b), kPi * a * b);
  else if (a == b)
    out.length = finite(a * sweep);
  return out;
}

Metrics of(const LwPolyline& polyline, const Entity&) {
  Metrics out;
  const auto& v = polyline.vertices;
  out.vertex_count = v.size();
  if (v.size() < 2) return out;
  const auto at = [&](std::size_t i) { return Vec2{v[i].x, v[i].y}; };
  Outline outline;
  for (std::size_t i = 0; i + 1 < v.size(); ++i) outline.add(at(0), at(i), at(i + 1), v[i].bulge);
  if (polyline.closed) {
    outline.add(at(0), at(v.size() - 1), at(0), v.back().bulge);
    set_closed(out, outline.length, outline.area);
  } else {
    out.length = finite(outline.length);
  }
  return out;
}

// Vertices that only control a spline frame are no part of the curve.
bool is_frame(const PolyVertex& vertex) { return (vertex.flags & 16) != 0; }

Metrics of(const Indirect<Polyline>& polyline, const Entity&) {
  Metrics out;
  out.vertex_count = polyline->vertices.size();
  const bool flat = polyline->kind == Polyline::Kind::poly2d;
  if (!flat && polyline->kind != Polyline::Kind::poly3d) return out;
  const PolyVertex *first = nullptr, *last = nullptr;
  Outline outline;
  std::size_t drawn = 0;
  const auto add = [&](const PolyVertex& from, const PolyVertex& to) {
    if (flat)
      outline.add(first->position.xy(), from.position.xy(), to.position.xy(), from.bulge);
    else
      outline.length += length(to.position - from.position);
  };
  for (const PolyVertex& vertex : polyline->vertices) {
    if (is_frame(vertex)) continue;
    if (last != nullptr)
      add(*last, vertex);
    else
      first = &vertex;
    last = &vertex;
    ++drawn;
  }
  if (drawn < 2) return out;
  if (!polyline->closed()) {
    out.length = finite(outline.length);
    return out;
  }
  add(*last, *first);
  if (flat)
    set_closed(out, outline.length, outline.area);
  else
    out.length = out.perimeter = finite(outline.length);
  return out;
}

// A spline of degree 1 is its control polygon.
Metrics of(const Indirect<Spline>& spline, const Entity&) {
  Metrics out;
  const auto& p = spline->control_points;
  if (spline->degree != 1 || p.size() < 2) return out;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < p.size(); ++i) sum += length(p[i + 1] - p[i]);
  out.length = finite(sum);
  return out;
}

bool segments_cross(Vec2 a, Vec2 b, Vec2 c, Vec2 d) {
  const double c1 = cross(b - a, c - a), c2 = cross(b - a, d - a);
  const double c3 = cross(d - c, a - c), c4 = cross(d - c, b - c);
  return c1 * c2 < 0 && c3 * c4 < 0;
}

Metrics of(const Solid& solid, const Entity&) {
  Metrics out;
  const bool face = solid.kind == Solid::Kind::face3d;
  const std::array<Vec3, 4> c = {solid.corners[0], solid.corners[1],
                                 face ? solid.corners[2] : solid.corners[3],
                                 face ? solid.corners[3] : solid.corners[2]};
  const bool triangle = solid.corners[2] == solid.corners[3];
  out.vertex_count = triangle ? 3 : 4;
  const std::size_t n = triangle ? 3 : 4;
  double around = 0;
  for (std::size_t i = 0; i < n; ++i) around += length(c[(i + 1) % n] - c[i]);
  if (triangle) {
    out.perimeter = finite(around);
    out.area = finite(length(cross(c[1] - c[0], c[2] - c[0])) / 2);
    return out;
  }
  if (face) {  // four corners need not be planar
    out.perimeter = finite(around);
    return out;
  }
  const std::array<Vec2, 4> flat = {c[0].xy(), c[1].xy(), c[2].xy(), c[3].xy()};
  if (segments_cross(flat[0], flat[1], flat[2], flat[3]) ||
      segments_cross(flat[1], flat[2], flat[3], flat[0]))
    return out;
  out.perimeter = finite(around);
  out.area = finite(std::abs(polygon_area(flat)));
  return out;
}

bool add_edge(const HatchLineEdge& edge, Vec2 origin, Outline& outline) {
  outline.add(origin, edge.start, edge.end, 0);
  return true;
}

bool add_arc(const EllipticArc& arc, Vec2 origin, Outline& outline) {
  // Twice the area swept about `origin`: the integral of (p - origin) x dp.
  const Vec2 c = arc.center - origin;
  const Vec2 p0 = arc.u * std::cos(arc.t0) + arc.v * std::sin(arc.t0);
  const Vec2 p1 = arc.u * std::cos(arc.t1) + arc.v * std::sin(arc.t1);
  outline.area += (cross(c, p1 - p0) + cross(arc.u, arc.v) * (arc.t1 - arc.t0)) / 2;
  return true;
}

bool add_edge(const HatchArcEdge& edge, Vec2 origin, Outline& outline) {
  const EllipticArc arc = to_arc(edge);
  outline.length += std::abs(edge.radius * (arc.t1 - arc.t0));
  return add_arc(arc, origin, outline);
}

bool add_edge(const HatchEllipseEdge&, Vec2, Outline&) { return false; }  // no exact length
bool add_edge(const HatchSplineEdge&, Vec2, Outline&) { return false; }

// One loop of straight lines and circular arcs has an exact area; several may be islands, whose
// nesting the stored flags do not settle.
Metrics of(const Indirect<Hatch>& hatch, const Entity&) {
  Metrics out;
  if (hatch->loops.size() != 1) return out;
  const HatchLoop& loop = hatch->loops.front();
  Outline outline;
  if (loop.is_polyline) {
    const auto& v = loop.polyline;
    if (v.size() < 2) return out;
    const auto at = [&](std::size_t i) { return Vec2{v[i].x, v[i].y}; };
    for (std::size_t i = 0; i < v.size(); ++i)
      outline.add(at(0), at(i), at((i + 1) % v.size()), v[i].bulge);
  } else {
    if (loop.edges.empty()) return out;
    const auto* line = std::get_if<HatchLineEdge>(&loop.edges.front());
    const Vec2 origin = line != nullptr ? line->start : Vec2{};
    for (const HatchEdge& edge : loop.edges)
      if (!std::visit([&](const auto& e) { return add_edge(e, origin, outline); }, edge))
        return out;
  }
  out.perimeter = finite(outline.length);
  out.area = finite(std::abs(outline.area));
  return out;
}

Metrics of(const Indirect<MLine>& mline, const Entity&) {
  Metrics out;
  out.vertex_count = mline->vertices.size();
  return out;
}

Metrics of(const Indirect<Leader>& leader, const Entity&) {
  Metrics out;
  const auto& v = leader->vertices;
  out.vertex_count = v.size();
  if (leader->is_spline || v.size() < 2) return out;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < v.size(); ++i) sum += length(v[i + 1] - v[i]);
  out.length = finite(sum);
  return out;
}

Metrics of(const Indirect<Mesh>& mesh, const Entity&) {
  Metrics out;
  out.vertex_count = mesh->vertices.size();
  return out;
}

Metrics of(const Point&, const Entity&) { return {}; }
Metrics of(const Ray&, const Entity&) { return {}; }
Metrics of(const XLine&, const Entity&) { return {}; }
Metrics of(const Indirect<Helix>&, const Entity&) { return {}; }
Metrics of(const Text&, const Entity&) { return {}; }
Metrics of(const Indirect<MText>&, const Entity&) { return {}; }
Metrics of(const Indirect<Attribute>&, const Entity&) { return {}; }
Metrics of(const Indirect<Tolerance>&, const Entity&) { return {}; }
Metrics of(const Indirect<Shape>&, const Entity&) { return {}; }
Metrics of(const Indirect<Insert>&, const Entity&) { return {}; }
Metrics of(const Indirect<Dimension>&, const Entity&) { return {}; }
Metrics of(const Indirect<MLeader>&, const Entity&) { return {}; }
Metrics of(const Indirect<Table>&, const Entity&) { return {}; }
Metrics of(const Indirect<Viewport>&, const Entity&) { return {}; }
Metrics of(const Indirect<AcisBody>&, const Entity&) { return {}; }
Metrics of(const Indirect<Image>&, const Entity&) { return {}; }
Metrics of(const Indirect<Underlay>&, const Entity&) { return {}; }
Metrics of(const Indirect<OleFrame>&, const Entity&) { return {}; }
Metrics of(const Indirect<Unknown>&, const Entity&) { return {}; }

}  // namespace

Metrics measure(const Entity& entity) {
  return std::visit([&](const auto& geometry) { return of(geometry, entity); }, entity.geometry);
}

}  // namespace cad
