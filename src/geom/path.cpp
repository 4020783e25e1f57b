// SPDX-License-Identifier: Apache-2.0
#include "geom/path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cad {

Affine operator*(const Affine& o, const Affine& i) {
  return {o.a * i.a + o.c * i.b, o.b * i.a + o.d * i.b,       o.a * i.c + o.c * i.d,
          o.b * i.c + o.d * i.d, o.a * i.e + o.c * i.f + o.e, o.b * i.e + o.d * i.f + o.f};
}

namespace {

Vec2 point_at(const EllipticArc& arc, double t) {
  return arc.center + arc.u * std::cos(t) + arc.v * std::sin(t);
}

// Whether the arc passes angle t (modulo a turn).
bool passes(const EllipticArc& arc, double t) {
  constexpr double kTurn = 2 * std::numbers::pi;
  const double lo = std::min(arc.t0, arc.t1), hi = std::max(arc.t0, arc.t1);
  if (hi - lo >= kTurn) return true;
  double shifted = lo + std::fmod(t - lo, kTurn);
  if (shifted < lo) shifted += kTurn;
  return shifted <= hi;
}

void add_arc(const EllipticArc& arc, Box2& box) {
  box.add(point_at(arc, arc.t0));
  box.add(point_at(arc, arc.t1));
  // Each coordinate is center + A cos(t - phase): its extremes lie at the phase and half a turn on.
  const double phase_x = std::atan2(arc.v.x, arc.u.x), phase_y = std::atan2(arc.v.y, arc.u.y);
  for (const double phase : {phase_x, phase_y})
    for (const double t : {phase, phase + std::numbers::pi})
      if (passes(arc, t)) box.add(point_at(arc, t));
}

Vec2 cubic_at(Vec2 p0, Vec2 p1, Vec2 p2, Vec2 p3, double t) {
  const double s = 1 - t;
  return p0 * (s * s * s) + p1 * (3 * s * s * t) + p2 * (3 * s * t * t) + p3 * (t * t * t);
}

// Roots in (0, 1) of the derivative of one coordinate.
void add_cubic_extremes(Vec2 p0, Vec2 p1, Vec2 p2, Vec2 p3, Box2& box) {
  const auto solve = [&](double a0, double a1, double a2, double a3) {
    const double a = -a0 + 3 * a1 - 3 * a2 + a3, b = 2 * (a0 - 2 * a1 + a2), c = a1 - a0;
    const auto add = [&](double t) {
      if (t > 0 && t < 1) box.add(cubic_at(p0, p1, p2, p3, t));
    };
    if (std::abs(a) < 1e-300) {
      if (b != 0) add(-c / b);
      return;
    }
    const double discriminant = b * b - 4 * a * c;
    if (discriminant < 0) return;
    const double q = -0.5 * (b + std::copysign(std::sqrt(discriminant), b));
    add(q / a);
    if (q != 0) add(c / q);
  };
  solve(p0.x, p1.x, p2.x, p3.x);
  solve(p0.y, p1.y, p2.y, p3.y);
}

// Calls the handler of each segment with its start and the index of its data.
template <class OnMove, class OnLine, class OnArc, class OnCubic, class OnClose>
void walk(const Path& path, OnMove on_move, OnLine on_line, OnArc on_arc, OnCubic on_cubic,
          OnClose on_close) {
  std::size_t p = 0, a = 0;
  Vec2 current, start;
  for (const Verb verb : path.verbs) {
    switch (verb) {
      case Verb::move:
        start = current = path.points[p++];
        on_move(current);
        break;
      case Verb::line:
        on_line(current, path.points[p]);
        current = path.points[p++];
        break;
      case Verb::arc:
        on_arc(path.arcs[a++]);
        current = path.points[p++];
        break;
      case Verb::cubic:
        on_cubic(current, path.points[p], path.points[p + 1], path.points[p + 2]);
        current = path.points[p + 2];
        p += 3;
        break;
      case Verb::close:
        on_close();
        current = start;
        break;
    }
  }
}

constexpr double kMaxPieces = 4096;

}  // namespace

void Path::arc_to(const EllipticArc& arc) {
  verbs.push_back(Verb::arc);
  arcs.push_back(arc);
  points.push_back(point_at(arc, arc.t1));
}

namespace {

EllipticArc transformed(const EllipticArc& arc, const Affine& map) {
  return {map(arc.center), map.direction(arc.u), map.direction(arc.v), arc.t0, arc.t1};
}

}  // namespace

void transform(Path& path, const Affine& map) {
  for (Vec2& p : path.points) p = map(p);
  for (EllipticArc& arc : path.arcs) arc = transformed(arc, map);
}

Path transformed(const Path& path, const Affine& map) {
  Path out = path;
  transform(out, map);
  return out;
}

void append(Path& path, const Path& more) {
  path.verbs.insert(path.verbs.end(), more.verbs.begin(), more.verbs.end());
  path.points.insert(path.points.end(), more.points.begin(), more.points.end());
  path.arcs.insert(path.arcs.end(), more.arcs.begin(), more.arcs.end());
}

Box2 extents(const Path& path) {
  Box2 box;
  if (path.arcs.empty() &&
      std::find(path.verbs.begin(), path.verbs.end(), Verb::cubic) == path.verbs.end()) {
    for (const Vec2 p : path.points) box.add(p);
    return box;
  }
  return extents(path, Affine{});
}

Box2 extents(const Path& path, const Affine& map) {
  Box2 box;
  walk(
      path, [&](Vec2 p) { box.add(map(p)); }, [&](Vec2, Vec2 p) { box.add(map(p)); },
      [&](const EllipticArc& arc) { add_arc(transformed(arc, map), box); },
      [&](Vec2 p0, Vec2 p1, Vec2 p2, Vec2 p3) {
        box.add(map(p3));
        add_cubic_extremes(map(p0), map(p1), map(p2), map(p3), box);
      },
      [] {});
  return box;
}

void flatten(const Path& path, double tolerance, std::vector<Polyline2>& out) {
  const auto line = [&]() -> Polyline2& { return out.back(); };
  walk(
      path,
      [&](Vec2 p) {
        out.push_back({});
        line().points.push_back(p);
      },
      [&](Vec2, Vec2 p) { line().points.push_back(p); },
      [&](const EllipticArc& arc) {
        const double radius = std::max(length(arc.u), length(arc.v));
        const double sweep = arc.t1 - arc.t0;
        // The sagitta of a chord of angle s is r(1 - cos(s/2)), about r*s*s/8.
        const double step = radius > tolerance
                                ? 2 * std::acos(1 - std::min(1.0, tolerance / radius))
                                : std::numbers::pi / 2;
        const double wanted = step > 0 ? std::ceil(std::abs(sweep) / step) : kMaxPieces;
        const int pieces = static_cast<int>(std::clamp(wanted, 1.0, kMaxPieces));
        for (int i = 1; i <= pieces; ++i)
          line().points.push_back(point_at(arc, arc.t0 + sweep * i / pieces));
      },
      [&](Vec2 p0, Vec2 p1, Vec2 p2, Vec2 p3) {
        // Bound of the second difference gives the number of pieces (Wang's formula).
        const Vec2 d1 = p0 - p1 * 2 + p2, d2 = p1 - p2 * 2 + p3;
        const double bound = 6 * std::max(length(d1), length(d2));
        const double wanted = std::ceil(std::sqrt(bound / (8 * tolerance)));
        const int pieces = static_cast<int>(std::clamp(wanted, 1.0, kMaxPieces));
        for (int i = 1; i <= pieces; ++i)
          line().points.push_back(cubic_at(p0, p1, p2, p3, static_cast<double>(i) / pieces));
      },
      [&] { line().closed = true; });
}

}  // namespace cad
