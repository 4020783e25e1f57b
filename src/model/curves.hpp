// SPDX-License-Identifier: Apache-2.0
// Points are as stored by the format: OCS where the entity is planar (then Entity::normal applies),
// WCS otherwise. geom/ocs.hpp resolves. Angles are radians unless the name ends in _deg.
#pragma once

#include <cstdint>
#include <vector>

#include "base/vec.hpp"

namespace cad {

struct Line {  // WCS
  Vec3 start, end;
};

struct Point {  // WCS
  Vec3 position;
  double x_axis_angle_deg = 0;  // group 50, for PDMODE figures
};

struct Circle {  // OCS
  Vec3 center;
  double radius = 0;
};

struct Arc {  // OCS; counter-clockwise from start to end, as stored (not normalized)
  Vec3 center;
  double radius = 0;
  double start_angle_deg = 0, end_angle_deg = 360;
};

struct Ellipse {  // WCS; parameters in radians on the ellipse, counter-clockwise about the normal
  Vec3 center;
  Vec3 major_axis;  // relative to center
  double ratio = 1;
  double start_param = 0, end_param = 6.283185307179586;
};

struct Spline {  // WCS
  std::uint16_t degree = 3;
  std::uint16_t flags = 0;  // group 70: 1 closed, 2 periodic, 4 rational, 8 planar, 16 linear
  std::vector<double> knots;
  std::vector<Vec3> control_points;
  std::vector<double> weights;  // empty: not rational
  std::vector<Vec3> fit_points;
  bool has_start_tangent = false, has_end_tangent = false;
  Vec3 start_tangent, end_tangent;
  bool closed() const { return (flags & 1) != 0; }
};

struct Ray {  // WCS
  Vec3 start;
  Vec3 direction;  // unit
};

struct XLine {  // WCS; infinite both ways
  Vec3 base;
  Vec3 direction;
};

struct Helix {  // a SPLINE with its defining values
  Spline spline;
  Vec3 axis_base, start_point, axis_vector;
  double radius = 0, turns = 0, turn_height = 0;
  bool right_handed = true;
  std::uint8_t constraint = 0;
};

}  // namespace cad
