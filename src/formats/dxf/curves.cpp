// SPDX-License-Identifier: Apache-2.0
// LINE POINT CIRCLE ARC ELLIPSE SPLINE RAY XLINE (DXF Reference, ENTITIES section). Group 38 is the
// elevation that R10 and older kept beside two-dimensional points.
#include "formats/dxf/curves.hpp"

namespace cad::dxf {

Geometry read_line(EntityTags& in) {
  Line line;
  while (in.next()) {
    switch (in.code()) {
      case 10: line.start.x = in.number(); break;
      case 20: line.start.y = in.number(); break;
      case 30: line.start.z = in.number(); break;
      case 11: line.end.x = in.number(); break;
      case 21: line.end.y = in.number(); break;
      case 31: line.end.z = in.number(); break;
      case 38: line.start.z = line.end.z = in.number(); break;
      default: break;
    }
  }
  return line;
}

Geometry read_point(EntityTags& in) {
  Point point;
  while (in.next()) {
    switch (in.code()) {
      case 10: point.position.x = in.number(); break;
      case 20: point.position.y = in.number(); break;
      case 30:
      case 38: point.position.z = in.number(); break;
      case 50: point.x_axis_angle_deg = in.number(); break;
      default: break;
    }
  }
  return point;
}

Geometry read_circle(EntityTags& in) {
  Circle circle;
  while (in.next()) {
    switch (in.code()) {
      case 10: circle.center.x = in.number(); break;
      case 20: circle.center.y = in.number(); break;
      case 30:
      case 38: circle.center.z = in.number(); break;
      case 40: circle.radius = in.number(); break;
      default: break;
    }
  }
  return circle;
}

Geometry read_arc(EntityTags& in) {
  Arc arc;
  while (in.next()) {
    switch (in.code()) {
      case 10: arc.center.x = in.number(); break;
      case 20: arc.center.y = in.number(); break;
      case 30:
      case 38: arc.center.z = in.number(); break;
      case 40: arc.radius = in.number(); break;
      case 50: arc.start_angle_deg = in.number(); break;
      case 51: arc.end_angle_deg = in.number(); break;
      default: break;
    }
  }
  return arc;
}

Geometry read_ellipse(EntityTags& in) {
  Ellipse ellipse;
  while (in.next()) {
    switch (in.code()) {
      case 10: ellipse.center.x = in.number(); break;
      case 20: ellipse.center.y = in.number(); break;
      case 30: ellipse.center.z = in.number(); break;
      case 11: ellipse.major_axis.x = in.number(); break;
      case 21: ellipse.major_axis.y = in.number(); break;
      case 31: ellipse.major_axis.z = in.number(); break;
      case 40: ellipse.ratio = in.number(); break;
      case 41: ellipse.start_param = in.number(); break;
      case 42: ellipse.end_param = in.number(); break;
      default: break;
    }
  }
  return ellipse;
}

namespace {

// Points come as x, y, z groups; x starts a new one.
void start_point(EntityTags& in, std::vector<Vec3>& points) {
  if (in.room_for_vertex(points.size())) points.push_back({in.number(), 0, 0});
}

void add_value(EntityTags& in, std::vector<double>& values) {
  if (in.room_for_vertex(values.size())) values.push_back(in.real());
}

}  // namespace

bool read_spline_group(EntityTags& in, Spline& s) {
  switch (in.code()) {
    case 70: s.flags = static_cast<std::uint16_t>(in.integer()); return true;
    case 71: {
      const auto degree = in.integer();
      s.degree = degree >= 0 && degree < 100 ? static_cast<std::uint16_t>(degree) : 3;
      return true;
    }
    case 40: add_value(in, s.knots); return true;
    case 41: add_value(in, s.weights); return true;
    case 10: start_point(in, s.control_points); return true;
    case 20:
      if (!s.control_points.empty()) s.control_points.back().y = in.number();
      return true;
    case 30:
      if (!s.control_points.empty()) s.control_points.back().z = in.number();
      return true;
    case 11: start_point(in, s.fit_points); return true;
    case 21:
      if (!s.fit_points.empty()) s.fit_points.back().y = in.number();
      return true;
    case 31:
      if (!s.fit_points.empty()) s.fit_points.back().z = in.number();
      return true;
    case 12:
      s.start_tangent.x = in.number();
      s.has_start_tangent = true;
      return true;
    case 22: s.start_tangent.y = in.number(); return true;
    case 32: s.start_tangent.z = in.number(); return true;
    case 13:
      s.end_tangent.x = in.number();
      s.has_end_tangent = true;
      return true;
    case 23: s.end_tangent.y = in.number(); return true;
    case 33: s.end_tangent.z = in.number(); return true;
    default: return false;
  }
}

Geometry read_spline(EntityTags& in) {
  Indirect<Spline> spline;
  while (in.next()) read_spline_group(in, *spline);
  return spline;
}

Geometry read_ray(EntityTags& in) {
  Ray ray;
  while (in.next()) {
    switch (in.code()) {
      case 10: ray.start.x = in.number(); break;
      case 20: ray.start.y = in.number(); break;
      case 30: ray.start.z = in.number(); break;
      case 11: ray.direction.x = in.number(); break;
      case 21: ray.direction.y = in.number(); break;
      case 31: ray.direction.z = in.number(); break;
      default: break;
    }
  }
  return ray;
}

Geometry read_xline(EntityTags& in) {
  XLine line;
  while (in.next()) {
    switch (in.code()) {
      case 10: line.base.x = in.number(); break;
      case 20: line.base.y = in.number(); break;
      case 30: line.base.z = in.number(); break;
      case 11: line.direction.x = in.number(); break;
      case 21: line.direction.y = in.number(); break;
      case 31: line.direction.z = in.number(); break;
      default: break;
    }
  }
  return line;
}

}  // namespace cad::dxf
