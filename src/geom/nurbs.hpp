// SPDX-License-Identifier: Apache-2.0
// B-splines and NURBS -> cubic Beziers in space. Polynomial curves up to degree 3 convert exactly;
// rational and higher ones become Hermite pieces within about 1e-7 of the curve's size.
#pragma once

#include <vector>

#include "base/vec.hpp"
#include "model/curves.hpp"
#include "model/hatch.hpp"

namespace cad {

// First point, then three for each piece (two controls, end). Empty when the spline has no points.
// Damaged knots are replaced by uniform clamped ones. Splines of fit points only are interpolated
// (cubic, chord length, natural ends or the given tangents).
std::vector<Vec3> to_beziers(const Spline& spline);
std::vector<Vec3> to_beziers(const HatchSplineEdge& edge);

}  // namespace cad
