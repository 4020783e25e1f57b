// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "json/color.hpp"
#include "json/families.hpp"

namespace cad::json {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

// Edges are written counter-clockwise from startAngle to endAngle; the boundary runs through a
// clockwise one from its end to its start. Clockwise edges store their angles measured clockwise.
void write_angles(Writer& w, double start_deg, double end_deg, bool counter_clockwise) {
  const double start = counter_clockwise ? start_deg : 0 - end_deg;
  const double end = counter_clockwise ? end_deg : 0 - start_deg;
  w.field("startAngle", start * kDegree);
  w.field("endAngle", end * kDegree);
  w.flag("counterClockwise", counter_clockwise);
}

void write_type(Writer& w, std::string_view type) {
  w.begin_object();
  w.key("type");
  w.plain_text(type);
}

void write_edge(Scope& s, const HatchLineEdge& e, double z) {
  write_type(s.w, "LINE");
  point_field(s.w, "start", s.world(e.start, z));
  point_field(s.w, "end", s.world(e.end, z));
}

void write_edge(Scope& s, const HatchArcEdge& e, double z) {
  write_type(s.w, "ARC");
  point_field(s.w, "center", s.world(e.center, z));
  s.w.field("radius", e.radius);
  write_angles(s.w, e.start_angle_deg, e.end_angle_deg, e.counter_clockwise);
}

void write_edge(Scope& s, const HatchEllipseEdge& e, double z) {
  write_type(s.w, "ELLIPSE");
  point_field(s.w, "center", s.world(e.center, z));
  point_field(s.w, "majorAxis", s.world(e.major_axis, 0));
  s.w.field("ratio", e.ratio);
  write_angles(s.w, e.start_angle_deg, e.end_angle_deg, e.counter_clockwise);
}

void write_edge(Scope& s, const HatchSplineEdge& e, double z) {
  write_type(s.w, "SPLINE");
  s.w.count("degree", e.degree);
  s.w.key("controlPoints");
  s.w.begin_array();
  for (const Vec2& p : e.control_points) write_point(s.w, s.world(p, z));
  s.w.end_array();
  s.w.key("knots");
  write_numbers(s.w, e.knots);
  s.w.key("weights");
  write_numbers(s.w, e.weights);
  s.w.key("fitPoints");
  s.w.begin_array();
  for (const Vec2& p : e.fit_points) write_point(s.w, s.world(p, z));
  s.w.end_array();
}

void write_loop(Scope& s, const HatchLoop& loop, double z) {
  s.w.begin_object();
  s.w.key("edges");
  s.w.begin_array();
  if (loop.is_polyline) {
    write_type(s.w, "LWPOLYLINE");
    s.w.key("vertices");
    s.w.begin_array();
    for (const LwVertex& v : loop.polyline) write_lw_vertex(s, v, z, 0);
    s.w.end_array();
    s.w.flag("closed", loop.closed);
    s.w.end_object();
  }
  for (const HatchEdge& edge : loop.edges) {
    std::visit([&](const auto& e) { write_edge(s, e, z); }, edge);
    s.w.end_object();
  }
  s.w.end_array();
  s.w.end_object();
}

void write_pattern_line(Writer& w, const HatchPatternLine& line) {
  w.begin_object();
  w.field("angle", line.angle_deg);
  w.key("base");
  write_point(w, line.base);
  w.key("offset");
  write_point(w, line.offset);
  w.key("dashes");
  write_numbers(w, line.dashes);
  w.end_object();
}

void write_gradient(Writer& w, const HatchGradient& g) {
  if (!g.active) return w.null();
  w.begin_object();
  w.field("name", g.name);
  w.field("angle", g.angle / kDegree);
  w.field("shift", g.shift);
  w.flag("oneColor", g.one_color);
  w.field("tint", g.tint);
  w.key("stops");
  w.begin_array();
  for (const auto& stop : g.stops) {
    w.begin_object();
    w.field("position", stop.position);
    w.key("colorHex");
    write_hex_color(w, stop.color);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

}  // namespace

void write_geometry(Scope& s, const Hatch& g) {
  s.w.key("boundaries");
  s.w.begin_array();
  for (const HatchLoop& loop : g.loops) write_loop(s, loop, g.elevation);
  s.w.end_array();
  s.w.key("patternLines");
  s.w.begin_array();
  for (const HatchPatternLine& line : g.pattern) write_pattern_line(s.w, line);
  s.w.end_array();
  s.w.key("gradient");
  write_gradient(s.w, g.gradient);
  write_plane(s);
}

}  // namespace cad::json
