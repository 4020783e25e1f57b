// SPDX-License-Identifier: Apache-2.0
// The splines of ACIS data: curves that say how they were made (intersections, offsets, helices
// ...) state a spline that is within their tolerance beside it.
#pragma once

#include <cstddef>
#include <vector>

#include "base/vec.hpp"
#include "geom/acis_records.hpp"

namespace cad::acis {

struct Spline {
  std::size_t degree = 0;
  std::vector<double> knots;  // the usual notation: one more at each end than ACIS writes
  std::vector<Vec3> poles;
  std::vector<double> weights;
};

// Behind "nubs" or "nurbs": degree, closure, number of distinct knots, pairs of knot and
// multiplicity, poles (with weights: nurbs). `tokens_left` is counted down for every token looked
// at; at most `room` knots. False when that is not there.
bool read_spline(Cursor& cursor, bool rational, bool closure_is_number, std::size_t& tokens_left,
                 std::size_t room, Spline& spline);

// Points of the curve so close that no piece turns by more than `turn` (radians), as far as its
// control polygon tells; at most `room`.
std::vector<Vec3> sample(const Spline& spline, double turn, std::size_t room);

}  // namespace cad::acis
