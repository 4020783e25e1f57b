// SPDX-License-Identifier: Apache-2.0
#include "scene/wide.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "geom/arcs.hpp"

namespace cad::scene::detail {
namespace {

constexpr double kMiterLimit = 4;  // of the half width; sharper corners are beveled
constexpr int kTaperSteps = 32;    // pieces of a tapered arc, per half turn

struct Segment {
  Vec2 from, to;
  bool is_arc = false;
  EllipticArc arc;
  double w0 = 0, w1 = 0;  // half widths
  Vec2 d0, d1;            // unit directions at the ends
};

Vec2 unit(Vec2 v) {
  const double size = length(v);
  return size > 0 ? v * (1 / size) : v;
}
Vec2 left(Vec2 d) { return {-d.y, d.x}; }

Vec2 tangent(const EllipticArc& arc, double t) {
  const double sign = arc.t1 < arc.t0 ? -1 : 1;
  return unit((arc.v * std::cos(t) - arc.u * std::sin(t)) * sign);
}

Vec2 arc_point(const EllipticArc& arc, double t, double radius) {
  return arc.center + Vec2{std::cos(t), std::sin(t)} * radius;
}

void add_polygon(Path& out, std::span<const Vec2> p) {
  double area = 0;
  for (std::size_t i = 1; i + 1 < p.size(); ++i) area += cross(p[i] - p[0], p[i + 1] - p[0]);
  if (area == 0) return;
  const auto at = [&](std::size_t i) { return area > 0 ? p[i] : p[p.size() - 1 - i]; };
  out.move_to(at(0));
  for (std::size_t i = 1; i < p.size(); ++i) out.line_to(at(i));
  out.close();
}

// A ring sector of constant width: outer arc, then the inner one back. Counter-clockwise.
void add_ring(Path& out, const Segment& s) {
  const double radius = length(s.arc.u), outer = radius + s.w0;
  const double inner = std::max(radius - s.w0, 0.0);
  const double t0 = std::min(s.arc.t0, s.arc.t1), t1 = std::max(s.arc.t0, s.arc.t1);
  const Vec2 c = s.arc.center;
  out.move_to(arc_point(s.arc, t0, outer));
  out.arc_to({c, {outer, 0}, {0, outer}, t0, t1});
  out.line_to(arc_point(s.arc, t1, inner));
  if (inner > 0) out.arc_to({c, {inner, 0}, {0, inner}, t1, t0});
  out.close();
}

void add_tapered_arc(Path& out, const Segment& s) {
  const double radius = length(s.arc.u), sweep = s.arc.t1 - s.arc.t0;
  const int steps = std::clamp(static_cast<int>(std::abs(sweep) * kTaperSteps / 3.14), 4, 128);
  // Wedges of one direction each: a strip that overlaps itself would cancel under non-zero.
  for (int i = 0; i < steps; ++i) {
    Vec2 corners[4];
    for (int k = 0; k < 2; ++k) {
      const double f = static_cast<double>(i + k) / steps;
      const double t = s.arc.t0 + sweep * f, half = s.w0 + (s.w1 - s.w0) * f;
      corners[k == 0 ? 0 : 3] = arc_point(s.arc, t, std::max(radius - half, 0.0));
      corners[k == 0 ? 1 : 2] = arc_point(s.arc, t, radius + half);
    }
    add_polygon(out, corners);
  }
}

void add_segment(Path& out, const Segment& s) {
  if (s.w0 <= 0 && s.w1 <= 0) return;
  if (s.is_arc) return s.w0 == s.w1 ? add_ring(out, s) : add_tapered_arc(out, s);
  const Vec2 n = left(s.d0);
  const Vec2 corners[4] = {s.from - n * s.w0, s.to - n * s.w1, s.to + n * s.w1, s.from + n * s.w0};
  add_polygon(out, corners);
}

// Fills the wedge on the outer side of the corner between two segments.
void add_joint(Path& out, const Segment& a, const Segment& b) {
  const double half = std::min(a.w1, b.w0);
  const double turn = cross(a.d1, b.d0), cosine = dot(a.d1, b.d0);
  if (half <= 0 || std::abs(turn) < 1e-9) return;
  const double side = turn > 0 ? -1 : 1;  // the outer side: right of a left turn
  const Vec2 p = a.to;
  const Vec2 from = p + left(a.d1) * (side * half), to = p + left(b.d0) * (side * half);
  // The offset lines meet at half / cos(angle / 2) on the bisector.
  const double half_cosine = std::sqrt(std::max(0.0, (1 + cosine) / 2));
  if (half_cosine * kMiterLimit < 1) {
    const Vec2 bevel[3] = {p, from, to};
    return add_polygon(out, bevel);
  }
  const Vec2 bisector = unit(left(a.d1) + left(b.d0)) * side;
  const Vec2 miter[4] = {p, from, p + bisector * (half / half_cosine), to};
  add_polygon(out, miter);
}

void add_all(Path& out, const std::vector<Segment>& segments, bool closed) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    add_segment(out, segments[i]);
    if (i + 1 < segments.size())
      add_joint(out, segments[i], segments[i + 1]);
    else if (closed && segments.size() > 1)
      add_joint(out, segments[i], segments[0]);
  }
}

Segment line_segment(Vec2 from, Vec2 to, double w0, double w1) {
  const Vec2 d = unit(to - from);
  return {from, to, false, {}, w0, w1, d, d};
}

Segment arc_segment(Vec2 from, Vec2 to, const EllipticArc& arc, double w0, double w1) {
  return {from, to, true, arc, w0, w1, tangent(arc, arc.t0), tangent(arc, arc.t1)};
}

}  // namespace

void add_wide_polyline(Path& out, std::span<const LwVertex> v, bool closed) {
  std::vector<Segment> segments;
  const std::size_t count = closed ? v.size() : v.size() - 1;
  segments.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const LwVertex& next = v[(i + 1) % v.size()];
    const Vec2 from{v[i].x, v[i].y}, to{next.x, next.y};
    if (from == to) continue;
    const double w0 = std::abs(v[i].start_width) / 2, w1 = std::abs(v[i].end_width) / 2;
    segments.push_back(is_straight(from, to, v[i].bulge)
                           ? line_segment(from, to, w0, w1)
                           : arc_segment(from, to, bulge_arc(from, to, v[i].bulge), w0, w1));
  }
  add_all(out, segments, closed);
}

void add_wide_path(Path& out, const Path& path, double width) {
  std::vector<Segment> segments;
  std::size_t p = 0, a = 0;
  Vec2 current;
  const double half = width / 2;
  const auto finish = [&] {
    add_all(out, segments, false);
    segments.clear();
  };
  for (const Verb verb : path.verbs) {
    const Vec2 from = current;
    switch (verb) {
      case Verb::move:
        finish();
        current = path.points[p++];
        break;
      case Verb::line:
        current = path.points[p++];
        if (!(from == current)) segments.push_back(line_segment(from, current, half, half));
        break;
      case Verb::arc:
        current = path.points[p++];
        segments.push_back(arc_segment(from, current, path.arcs[a++], half, half));
        break;
      case Verb::cubic:
        p += 3;
        current = path.points[p - 1];
        break;
      case Verb::close: break;
    }
  }
  finish();
}

}  // namespace cad::scene::detail
