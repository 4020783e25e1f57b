// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/vec.hpp"
#include "model/ids.hpp"

namespace cad {

struct LwVertex {
  double x = 0, y = 0;
  double bulge = 0;  // tangent of a quarter of the arc's included angle, positive counter-clockwise
  double start_width = 0, end_width = 0;
};

struct LwPolyline {  // OCS, all at one elevation
  std::vector<LwVertex> vertices;
  double elevation = 0;
  double constant_width = 0;  // applies where has_constant_width
  bool has_constant_width = false;
  bool closed = false;
  bool plinegen = false;  // linetype pattern runs through vertices
};

struct PolyVertex {
  Vec3 position;
  double bulge = 0;
  double start_width = 0, end_width = 0;
  std::uint16_t flags = 0;  // group 70: 1 fit-inserted, 8 spline-inserted, 16 spline control, ...
  Handle handle = 0;
};

// The old POLYLINE: 2D (OCS), 3D, polygon mesh or polyface mesh (WCS).
struct Polyline {
  enum class Kind : std::uint8_t { poly2d, poly3d, mesh, polyface };
  Kind kind = Kind::poly2d;
  std::uint16_t flags = 0;  // group 70
  std::uint16_t smooth_type = 0;
  double elevation = 0;
  double default_start_width = 0, default_end_width = 0;
  std::uint32_t m_count = 0, n_count = 0;      // mesh size
  std::uint32_t m_density = 0, n_density = 0;  // of the smoothed mesh
  std::vector<PolyVertex> vertices;            // mesh: row by row
  // Polyface: 1-based vertex numbers, negative = the edge that starts there is invisible, 0 = none.
  std::vector<std::array<std::int32_t, 4>> faces;
  bool closed() const { return (flags & 1) != 0; }
  bool closed_n() const { return (flags & 32) != 0; }
  bool plinegen() const { return (flags & 128) != 0; }
};

struct MLineVertex {
  Vec3 position;
  Vec3 direction;  // of the segment that starts here
  Vec3 miter;
  // For each style element: distances along the miter and along the segment (groups 41), and the
  // area fill parameters (groups 42).
  std::vector<std::vector<double>> line_params;
  std::vector<std::vector<double>> fill_params;
};

struct MLine {  // WCS
  MLineStyleId style;
  std::string style_name;
  double scale = 1;
  std::uint8_t justification = 0;  // 0 top, 1 zero, 2 bottom
  std::uint16_t flags = 0;         // 1 has vertices, 2 closed, 4 no start caps, 8 no end caps
  std::vector<MLineVertex> vertices;
  bool closed() const { return (flags & 2) != 0; }
};

}  // namespace cad
