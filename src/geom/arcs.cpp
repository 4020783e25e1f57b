// SPDX-License-Identifier: Apache-2.0
#include "geom/arcs.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cad {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kDegree = std::numbers::pi / 180;

// Hatch edges measure the angles of clockwise arcs clockwise.
void set_angles(EllipticArc& arc, double start_deg, double end_deg, bool counter_clockwise) {
  const double sweep = ccw_sweep(start_deg * kDegree, end_deg * kDegree);
  const double sign = counter_clockwise ? 1 : -1;
  arc.t0 = sign * start_deg * kDegree;
  arc.t1 = arc.t0 + sign * sweep;
}

}  // namespace

double ccw_sweep(double start, double end) {
  double sweep = std::fmod(end - start, kTurn);
  if (sweep < 0) sweep += kTurn;
  return sweep < 1e-12 || !std::isfinite(sweep) ? kTurn : sweep;
}

bool is_straight(Vec2 from, Vec2 to, double bulge) {
  // The sagitta is |bulge| * chord / 2.
  const double chord = length(to - from);
  const double size =
      std::max({std::abs(from.x), std::abs(from.y), std::abs(to.x), std::abs(to.y)});
  return !(std::abs(bulge) * chord > size * 1e-15) || std::abs(bulge) < 1e-9;
}

EllipticArc bulge_arc(Vec2 from, Vec2 to, double bulge) {
  // With half the sweep h = 2 atan(bulge): the center lies on the chord's bisector, at
  // chord / 2 * cot(h) = chord / 4 * (1 / bulge - bulge) to the left.
  const Vec2 chord = to - from;
  const double offset = (1 / bulge - bulge) / 4;
  const Vec2 center{(from.x + to.x) / 2 - chord.y * offset, (from.y + to.y) / 2 + chord.x * offset};
  const double radius = length(chord) * (std::abs(bulge) + 1 / std::abs(bulge)) / 4;
  const double start = std::atan2(from.y - center.y, from.x - center.x);
  return {center, {radius, 0}, {0, radius}, start, start + 4 * std::atan(bulge)};
}

double bulge_length(Vec2 from, Vec2 to, double bulge) {
  const double chord = length(to - from);
  if (std::abs(bulge) < 1e-9) return chord;
  const double radius = chord * (std::abs(bulge) + 1 / std::abs(bulge)) / 4;
  return radius * 4 * std::atan(std::abs(bulge));
}

double bulge_area(Vec2 from, Vec2 to, double bulge) {
  const double chord = length(to - from);
  const double b = std::abs(bulge);
  if (b < 1e-9) return bulge * chord * chord / 3;  // a parabola's segment: 2/3 * chord * sagitta
  const double sweep = 4 * std::atan(b);
  const double radius = chord * (b + 1 / b) / 4;
  // sweep - sin(sweep) loses its digits for flat arcs; its series does not.
  const double difference =
      sweep < 0.05 ? sweep * sweep * sweep / 6 * (1 - sweep * sweep / 20 * (1 - sweep * sweep / 42))
                   : sweep - std::sin(sweep);
  return std::copysign(radius * radius / 2 * difference, bulge);
}

EllipticArc to_arc(const Circle& circle) {
  const double r = circle.radius;
  return {circle.center.xy(), {r, 0}, {0, r}, 0, kTurn};
}

EllipticArc to_arc(const Arc& arc) {
  const double r = arc.radius;
  EllipticArc out{arc.center.xy(), {r, 0}, {0, r}};
  set_angles(out, arc.start_angle_deg, arc.end_angle_deg, true);
  return out;
}

EllipticArc to_arc(const HatchArcEdge& edge) {
  const double r = edge.radius;
  EllipticArc out{edge.center, {r, 0}, {0, r}};
  set_angles(out, edge.start_angle_deg, edge.end_angle_deg, edge.counter_clockwise);
  return out;
}

EllipticArc to_arc(const HatchEllipseEdge& edge) {
  const Vec2 u = edge.major_axis;
  EllipticArc out{edge.center, u, Vec2{-u.y, u.x} * edge.ratio};
  set_angles(out, edge.start_angle_deg, edge.end_angle_deg, edge.counter_clockwise);
  return out;
}

Vec3 minor_axis(const Ellipse& ellipse, Vec3 normal) {
  const double n = length(normal);
  const Vec3 unit = n > 1e-12 && std::isfinite(n) ? normal * (1 / n) : Vec3{0, 0, 1};
  return cross(unit, ellipse.major_axis) * ellipse.ratio;
}

EllipticArc to_arc(const Ellipse& ellipse, Vec3 normal) {
  const double sweep = ccw_sweep(ellipse.start_param, ellipse.end_param);
  return {ellipse.center.xy(), ellipse.major_axis.xy(), minor_axis(ellipse, normal).xy(),
          ellipse.start_param, ellipse.start_param + sweep};
}

double ellipse_perimeter(double a, double b) {
  a = std::abs(a);
  b = std::abs(b);
  if (a < b) std::swap(a, b);
  if (b == 0) return 4 * a;
  // E(k) = pi/2 / agm(a,b) * (a^2 - sum 2^(n-1) c_n^2), doubled and scaled to the perimeter.
  double sum = (a * a + b * b) / 2, power = 0.5, x = a, y = b;
  for (int i = 0; i < 64 && x - y > 1e-16 * x; ++i) {
    const double next = (x + y) / 2, c = (x - y) / 2;
    y = std::sqrt(x * y);
    x = next;
    power *= 2;
    sum -= power * c * c;
  }
  return kTurn * sum / x;
}

}  // namespace cad
