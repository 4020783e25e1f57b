// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/vec.hpp"
#include "model/curves.hpp"
#include "model/polylines.hpp"
#include "model/style.hpp"

namespace cad {

struct HatchLineEdge {
  Vec2 start, end;
};
struct HatchArcEdge {  // angles as stored: for clockwise edges they are measured clockwise
  Vec2 center;
  double radius = 0;
  double start_angle_deg = 0, end_angle_deg = 360;
  bool counter_clockwise = true;
};
struct HatchEllipseEdge {
  Vec2 center;
  Vec2 major_axis;
  double ratio = 1;
  double start_angle_deg = 0, end_angle_deg = 360;  // DXF stores degrees of the parameter
  bool counter_clockwise = true;
};
struct HatchSplineEdge {
  std::uint16_t degree = 3;
  bool rational = false, periodic = false;
  std::vector<double> knots;
  std::vector<Vec2> control_points;
  std::vector<double> weights;
  std::vector<Vec2> fit_points;
  bool has_start_tangent = false, has_end_tangent = false;
  Vec2 start_tangent, end_tangent;
};
using HatchEdge = std::variant<HatchLineEdge, HatchArcEdge, HatchEllipseEdge, HatchSplineEdge>;

struct HatchLoop {
  std::uint32_t flags = 0;  // group 92: 1 external, 2 polyline, 4 derived, 8 text box, 16 outermost
  bool is_polyline = false;
  bool closed = true;              // polyline loops
  std::vector<LwVertex> polyline;  // when is_polyline
  std::vector<HatchEdge> edges;    // otherwise
  std::vector<Handle> sources;     // boundary objects (groups 330)
};

// One family of pattern lines, as stored: already scaled and rotated by the hatch's own values.
struct HatchPatternLine {
  double angle_deg = 0;
  Vec2 base;
  Vec2 offset;                 // from one line to the next
  std::vector<double> dashes;  // positive dash, negative gap, 0 dot; empty = continuous
};

struct HatchGradient {
  bool active = false;
  std::string name;  // LINEAR, CYLINDER, INVCYLINDER, SPHERICAL, HEMISPHERICAL, CURVED, INV...
  double angle = 0;  // radians
  double shift = 0;  // 0 centered .. 1
  bool one_color = false;
  double tint = 0;
  struct Stop {
    double position = 0;
    Rgb color;
  };
  std::vector<Stop> stops;
};

struct Hatch {  // OCS, all at one elevation; also MPOLYGON
  bool is_mpolygon = false;
  double elevation = 0;
  bool solid = false;
  bool associative = false;
  std::uint8_t style = 0;         // 0 odd parity, 1 outermost, 2 ignore
  std::uint8_t pattern_type = 1;  // 0 user, 1 predefined, 2 custom
  bool pattern_double = false;
  std::string pattern_name;
  double pattern_angle_deg = 0;
  double pattern_scale = 1;
  std::vector<HatchPatternLine> pattern;
  std::vector<HatchLoop> loops;
  std::vector<Vec2> seeds;
  double pixel_size = 0;
  HatchGradient gradient;
  bool has_fill_color = false;  // MPOLYGON's background fill
  Color fill_color;
  Vec2 offset;  // MPOLYGON's
};

}  // namespace cad
