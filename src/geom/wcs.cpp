// SPDX-License-Identifier: Apache-2.0
#include "geom/wcs.hpp"

#include <cmath>
#include <numbers>

#include "geom/arcs.hpp"

namespace cad {
namespace {

// A mirrored plane's angle, measured in the world: 180 - a, in [0, 360).
double mirror_deg(double angle_deg) {
  const double a = std::fmod(180 - angle_deg, 360);
  return a < 0 ? a + 360 : a;
}

double negate_deg(double angle_deg) {
  const double a = std::fmod(-angle_deg, 360);
  return a < 0 ? a + 360 : a + 0.0;
}

// x and z negated without making a zero negative.
Vec3 mirror(Vec3 p) { return {0 - p.x, p.y, 0 - p.z}; }
Vec2 mirror(Vec2 p) { return {0 - p.x, p.y}; }

void swap_angles(double& start_deg, double& end_deg) {
  const double from = mirror_deg(end_deg);
  constexpr double kDegree = std::numbers::pi / 180;
  const bool full = ccw_sweep(start_deg * kDegree, end_deg * kDegree) >= 2 * std::numbers::pi;
  end_deg = full ? from + 360 : mirror_deg(start_deg);
  start_deg = from;
}

void flip(Circle& circle) { circle.center = mirror(circle.center); }

void flip(Arc& arc) {
  arc.center = mirror(arc.center);
  swap_angles(arc.start_angle_deg, arc.end_angle_deg);
}

void flip(Ellipse& ellipse) {  // WCS already; only its direction of rotation is the plane's
  constexpr double kTurn = 2 * std::numbers::pi;
  const double sweep = ccw_sweep(ellipse.start_param, ellipse.end_param);
  double start = std::fmod(-ellipse.end_param, kTurn);
  if (start < 0) start += kTurn;
  if (kTurn - start < 1e-12) start = 0;
  ellipse.start_param = start + 0.0;
  ellipse.end_param = start + sweep;
}

void flip(LwVertex& vertex) {
  vertex.x = 0 - vertex.x;
  vertex.bulge = 0 - vertex.bulge;
}

void flip(LwPolyline& polyline) {
  for (LwVertex& vertex : polyline.vertices) flip(vertex);
  polyline.elevation = 0 - polyline.elevation;
}

void flip(Indirect<Polyline>& polyline) {
  if (polyline->kind != Polyline::Kind::poly2d) return;
  for (PolyVertex& vertex : polyline->vertices) {
    vertex.position = mirror(vertex.position);
    vertex.bulge = 0 - vertex.bulge;
  }
  polyline->elevation = 0 - polyline->elevation;
}

void flip(Text& text) {
  text.position = mirror(text.position);
  text.alignment_point = mirror(text.alignment_point);
  text.rotation_deg = mirror_deg(text.rotation_deg);
}

void flip(Indirect<Attribute>& attribute) { flip(attribute->text); }

void flip(Indirect<Shape>& shape) {
  shape->position = mirror(shape->position);
  shape->rotation_deg = mirror_deg(shape->rotation_deg);
}

void flip(Indirect<Insert>& insert) {
  insert->position = mirror(insert->position);
  insert->scale.x = 0 - insert->scale.x;
  insert->scale.z = 0 - insert->scale.z;
  insert->rotation_deg = negate_deg(insert->rotation_deg);
  // Columns run along the rotated x axis, which has turned around.
  insert->column_spacing = 0 - insert->column_spacing;
}

void flip(HatchLineEdge& edge) {
  edge.start = mirror(edge.start);
  edge.end = mirror(edge.end);
}

void flip(HatchArcEdge& edge) {
  edge.center = mirror(edge.center);
  edge.counter_clockwise = !edge.counter_clockwise;
  // World angle of stored a (direction s): pi - s a; stored again under -s: a - s pi = a + pi.
  const double sweep = edge.end_angle_deg - edge.start_angle_deg;
  edge.start_angle_deg = std::fmod(edge.start_angle_deg + 180, 360);
  edge.end_angle_deg = edge.start_angle_deg + sweep;
}

void flip(HatchEllipseEdge& edge) {
  // The mirrored major axis carries the mirrored parameter: only the direction changes.
  edge.center = mirror(edge.center);
  edge.major_axis = mirror(edge.major_axis);
  edge.counter_clockwise = !edge.counter_clockwise;
}

void flip(HatchSplineEdge& edge) {
  for (Vec2& p : edge.control_points) p = mirror(p);
  for (Vec2& p : edge.fit_points) p = mirror(p);
}

void flip(Indirect<Hatch>& hatch) {
  hatch->elevation = 0 - hatch->elevation;
  for (HatchLoop& loop : hatch->loops) {
    for (LwVertex& vertex : loop.polyline) flip(vertex);
    for (HatchEdge& edge : loop.edges) std::visit([](auto& e) { flip(e); }, edge);
  }
  for (HatchPatternLine& line : hatch->pattern) {
    line.angle_deg = mirror_deg(line.angle_deg);
    line.base = mirror(line.base);
    line.offset = mirror(line.offset);
  }
  hatch->pattern_angle_deg = mirror_deg(hatch->pattern_angle_deg);
  hatch->gradient.angle = std::numbers::pi - hatch->gradient.angle;
  for (Vec2& seed : hatch->seeds) seed = mirror(seed);
}

void flip(Indirect<Dimension>& dimension) {
  dimension->text_midpoint = mirror(dimension->text_midpoint);
  dimension->insertion_point = mirror(dimension->insertion_point);
}

void flip(Solid& solid) {
  for (Vec3& corner : solid.corners) corner = mirror(corner);
}

void flip(Indirect<Underlay>& underlay) {
  underlay->position = mirror(underlay->position);
  underlay->scale.x = 0 - underlay->scale.x;
  underlay->rotation_deg = negate_deg(underlay->rotation_deg);
}

template <class T>
void flip(T&) {}

bool ocs(const Solid& solid) { return solid.kind != Solid::Kind::face3d; }
bool ocs(const Indirect<Polyline>& polyline) { return polyline->kind == Polyline::Kind::poly2d; }
bool ocs(const Circle&) { return true; }
bool ocs(const Arc&) { return true; }
bool ocs(const LwPolyline&) { return true; }
bool ocs(const Text&) { return true; }
bool ocs(const Indirect<Attribute>&) { return true; }
bool ocs(const Indirect<Shape>&) { return true; }
bool ocs(const Indirect<Insert>&) { return true; }
bool ocs(const Indirect<Hatch>&) { return true; }
bool ocs(const Indirect<Underlay>&) { return true; }
template <class T>
bool ocs(const T&) {
  return false;
}

bool has_plane(const Entity& entity) {
  return stores_ocs(entity) || std::holds_alternative<Ellipse>(entity.geometry) ||
         std::holds_alternative<Indirect<Dimension>>(entity.geometry);
}

}  // namespace

bool stores_ocs(const Entity& entity) {
  return std::visit([](const auto& geometry) { return ocs(geometry); }, entity.geometry);
}

bool is_upside_down(const Entity& entity) {
  return entity.normal.z < 0 && Ocs(entity.normal).is_mirrored && has_plane(entity);
}

Entity upright(const Entity& entity) {
  Entity out = entity;
  if (!is_upside_down(entity)) return out;
  std::visit([](auto& geometry) { flip(geometry); }, out.geometry);
  out.normal = {0, 0, 1};
  out.thickness = 0 - out.thickness;
  return out;
}

}  // namespace cad
