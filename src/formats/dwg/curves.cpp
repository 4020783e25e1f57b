// SPDX-License-Identifier: Apache-2.0
// LINE, POINT, CIRCLE, ARC, ELLIPSE, RAY, XLINE (ODA 20.4.18 to 20.4.43).
#include "formats/dwg/curves.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;

}  // namespace

Geometry read_line(EntityIn& in) {
  Line line;
  if (!in.from(Version::r2000)) {
    line.start = in.bd3();
    line.end = in.bd3();
  } else {
    const bool flat = in.b();
    line.start.x = in.rd();
    line.end.x = in.dd(line.start.x);
    line.start.y = in.rd();
    line.end.y = in.dd(line.start.y);
    if (!flat) {
      line.start.z = in.rd();
      line.end.z = in.dd(line.start.z);
    }
  }
  in.entity().thickness = in.thickness(in.version());
  in.entity().normal = in.extrusion(in.version());
  return line;
}

Geometry read_point(EntityIn& in) {
  Point point;
  point.position = in.bd3();
  in.entity().thickness = in.thickness(in.version());
  in.entity().normal = in.extrusion(in.version());
  point.x_axis_angle_deg = in.bd() * kDegrees;
  return point;
}

Geometry read_circle(EntityIn& in) {
  Circle circle;
  circle.center = in.bd3();
  circle.radius = in.bd();
  in.entity().thickness = in.thickness(in.version());
  in.entity().normal = in.extrusion(in.version());
  return circle;
}

Geometry read_arc(EntityIn& in) {
  Arc arc;
  arc.center = in.bd3();
  arc.radius = in.bd();
  in.entity().thickness = in.thickness(in.version());
  in.entity().normal = in.extrusion(in.version());
  arc.start_angle_deg = in.bd() * kDegrees;
  arc.end_angle_deg = in.bd() * kDegrees;
  return arc;
}

Geometry read_ellipse(EntityIn& in) {
  Ellipse ellipse;
  ellipse.center = in.bd3();
  ellipse.major_axis = in.bd3();
  in.entity().normal = in.bd3();
  ellipse.ratio = in.bd();
  ellipse.start_param = in.bd();
  ellipse.end_param = in.bd();
  return ellipse;
}

Geometry read_ray(EntityIn& in) {
  Ray ray;
  ray.start = in.bd3();
  ray.direction = in.bd3();
  return ray;
}

Geometry read_xline(EntityIn& in) {
  XLine line;
  line.base = in.bd3();
  line.direction = in.bd3();
  return line;
}

}  // namespace cad::dwg
