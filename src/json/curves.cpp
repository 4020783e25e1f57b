// SPDX-License-Identifier: Apache-2.0
#include <numbers>

#include "json/families.hpp"

namespace cad::json {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

}  // namespace

void write_plane(Scope& s) {
  if (s.tilted) point_field(s.w, "normal", s.frame.z);
}

void write_points(Writer& w, const std::vector<Vec3>& points) {
  w.begin_array();
  for (const Vec3& p : points) write_point(w, p);
  w.end_array();
}

void write_numbers(Writer& w, const std::vector<double>& numbers) {
  w.begin_array();
  for (const double n : numbers) w.number(n);
  w.end_array();
}

void write_geometry(Scope& s, const Line& g) {
  point_field(s.w, "start", g.start);
  point_field(s.w, "end", g.end);
}

void write_geometry(Scope& s, const Point& g) { point_field(s.w, "position", g.position); }

void write_geometry(Scope& s, const Circle& g) {
  point_field(s.w, "center", s.world(g.center));
  s.w.field("radius", g.radius);
  write_plane(s);
}

void write_geometry(Scope& s, const Arc& g) {
  point_field(s.w, "center", s.world(g.center));
  s.w.field("radius", g.radius);
  s.w.field("startAngle", g.start_angle_deg * kDegree);
  s.w.field("endAngle", g.end_angle_deg * kDegree);
  write_plane(s);
}

void write_geometry(Scope& s, const Ellipse& g) {
  point_field(s.w, "center", g.center);
  point_field(s.w, "majorAxis", g.major_axis);
  s.w.field("ratio", g.ratio);
  s.w.field("startAngle", g.start_param);
  s.w.field("endAngle", g.end_param);
  write_plane(s);
}

void write_geometry(Scope& s, const Spline& g) {
  s.w.count("degree", g.degree);
  s.w.key("controlPoints");
  write_points(s.w, g.control_points);
  s.w.key("knots");
  write_numbers(s.w, g.knots);
  s.w.key("weights");
  write_numbers(s.w, g.weights);
  s.w.key("fitPoints");
  write_points(s.w, g.fit_points);
  s.w.flag("closed", g.closed());
}

void write_geometry(Scope& s, const Ray& g) {
  point_field(s.w, "start", g.start);
  point_field(s.w, "direction", g.direction);
}

void write_geometry(Scope& s, const XLine& g) {
  point_field(s.w, "base", g.base);
  point_field(s.w, "direction", g.direction);
}

void write_geometry(Scope& s, const Helix& g) {
  write_geometry(s, g.spline);
  point_field(s.w, "axisBase", g.axis_base);
  point_field(s.w, "axisVector", g.axis_vector);
  point_field(s.w, "startPoint", g.start_point);
  s.w.field("radius", g.radius);
  s.w.field("turns", g.turns);
  s.w.field("turnHeight", g.turn_height);
  s.w.flag("rightHanded", g.right_handed);
}

}  // namespace cad::json
