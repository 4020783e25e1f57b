// SPDX-License-Identifier: Apache-2.0
// Lines on the curved faces of a body, without which a cylinder is two circles and a sphere
// nothing: four in each direction, as AutoCAD draws them by default, cut off at the face's edges.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/vec.hpp"

namespace cad::acis {

// A surface of revolution with two parameters: u the angle about the axis; v the height on a cone
// or cylinder, the latitude on a sphere, the angle about the tube on a torus. Seen from outside v
// is to the left of u.
struct Surface {
  enum class Kind : std::uint8_t { cone, sphere, torus };
  Kind kind = Kind::sphere;
  Vec3 center, x, y, z;  // x and y: to the surface at u = 0 and 90 degrees of a cone; else unit
  double radius = 0;     // of the sphere or the tube
  double ring = 0;       // torus: from its center to the tube's
  double slope = 0;      // cone: of its size by height
  bool inward = false;   // the normal points to the axis, or to the center
  double v_min = 0, v_max = 0;  // where the surface ends; infinite where it does not

  bool v_is_angle() const { return kind != Kind::cone; }
  bool v_is_closed() const;  // the end is the beginning
  Vec3 at(double u, double v) const;
  Vec2 parameters(Vec3 point) const;  // any u where all are one point
  bool is_pole(double v) const;
};

// Of a record "...-surface" by its name and numbers; none for other surfaces and damaged ones.
std::optional<Surface> surface_of(std::string_view name, std::span<const double> numbers);

// A loop: its points in order, the face on the left seen from where the face's normal points; the
// last is joined to the first.
using Loop = std::vector<Vec3>;

// `face_is_reversed`: its normal is not the surface's. A face without loops is the whole surface.
// Lines as points; their ends are as exact as the loops' points are close.
std::vector<std::vector<Vec3>> isolines(const Surface& surface, bool face_is_reversed,
                                        std::span<const Loop> loops);

}  // namespace cad::acis
