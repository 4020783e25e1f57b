// SPDX-License-Identifier: Apache-2.0
// SPLINE (ODA 20.4.40), and HELIX, which is a spline with its defining values behind it.
#include "formats/dwg/splines.hpp"

#include <utility>

namespace cad::dwg {
namespace {

constexpr std::uint16_t kClosed = 1, kPeriodic = 2, kRational = 4;
constexpr std::uint32_t kHighestDegree = 99;

// What is stored: control points and knots, or only the points to go through.
enum class Scenario : std::uint8_t { control_points = 1, fit_points = 2 };

// Of the first number of 2013 and later.
constexpr std::uint32_t kIsClosed = 4, kUsesKnotParameter = 8;
constexpr std::uint32_t kCustomKnots = 15;

Scenario read_scenario(EntityIn& in, Spline& s) {
  const std::uint32_t scenario = in.ubl();
  if (!in.from(Version::r2013))
    return scenario == 2 ? Scenario::fit_points : Scenario::control_points;
  const std::uint32_t flags = in.ubl();
  const std::uint32_t knot_parameter = in.ubl();
  if ((flags & kIsClosed) != 0) s.flags |= kClosed;
  return knot_parameter == kCustomKnots || (flags & kUsesKnotParameter) == 0
             ? Scenario::control_points
             : Scenario::fit_points;
}

void read_values(EntityIn& in, std::size_t claimed, std::vector<double>& values) {
  values.resize(in.loader().room_for_vertices(claimed, in.type()));
  for (double& value : values) value = in.bd();
  for (std::size_t i = values.size(); i < claimed; ++i) in.bd();
}

void read_control_points(EntityIn& in, Spline& s) {
  if (in.b()) s.flags |= kRational;
  s.flags = static_cast<std::uint16_t>(s.flags & ~kClosed);
  if (in.b()) s.flags |= kClosed;
  if (in.b()) s.flags |= kPeriodic;
  in.bd();  // knot tolerance
  in.bd();  // control point tolerance
  const std::size_t knots = in.count(in.ubl(), 2);
  const std::uint32_t claimed = in.ubl();
  const bool weighted = in.b();
  const std::size_t points = in.count(claimed, weighted ? 8 : 6);
  read_values(in, knots, s.knots);
  const std::size_t kept = in.loader().room_for_vertices(points, in.type());
  s.control_points.resize(kept);
  if (weighted) s.weights.resize(kept);
  for (std::size_t i = 0; i < points; ++i) {
    const Vec3 point = in.bd3();
    const double weight = weighted ? in.bd() : 1;
    if (i >= kept) continue;
    s.control_points[i] = point;
    if (weighted) s.weights[i] = weight;
  }
}

void read_fit_points(EntityIn& in, Spline& s) {
  in.bd();  // fit tolerance
  s.start_tangent = in.bd3();
  s.end_tangent = in.bd3();
  s.has_start_tangent = s.start_tangent != Vec3{};
  s.has_end_tangent = s.end_tangent != Vec3{};
  s.fit_points.resize(in.vertex_count(in.ubl(), 6));
  for (Vec3& point : s.fit_points) point = in.bd3();
}

Spline read(EntityIn& in) {
  Spline s;
  const Scenario scenario = read_scenario(in, s);
  const std::uint32_t degree = in.ubl();
  if (degree <= kHighestDegree) s.degree = static_cast<std::uint16_t>(degree);
  if (scenario == Scenario::control_points) {
    read_control_points(in, s);
  } else {
    read_fit_points(in, s);
  }
  return s;
}

}  // namespace

Geometry read_spline(EntityIn& in) { return Indirect<Spline>(read(in)); }

// Not in the specification; the fields are those of DXF in their order.
Geometry read_helix(EntityIn& in) {
  Helix h;
  h.spline = read(in);
  in.bl();  // releases that wrote it
  in.bl();
  h.axis_base = in.bd3();
  h.start_point = in.bd3();
  h.axis_vector = in.bd3();
  h.radius = in.bd();
  h.turns = in.bd();
  h.turn_height = in.bd();
  h.right_handed = in.b();
  h.constraint = in.rc();
  return Indirect<Helix>(std::move(h));
}

}  // namespace cad::dwg
