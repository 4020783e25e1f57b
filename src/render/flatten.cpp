// SPDX-License-Identifier: Apache-2.0
#include "render/flatten.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "render/view_map.hpp"

namespace cad::render {

namespace {

constexpr double kTolerance = 0.1;    // pixels
constexpr int kMaxDepth = 24;         // of halving a huge curve
constexpr double kPlainPieces = 128;  // more are worth the search for what is visible

// Faster than length(): no care for overflow, which pixels do not need.
double norm(Vec2 v) { return std::sqrt(dot(v, v)); }

bool touches(const Box2& a, const Box2& b) {
  return a.min_x <= b.max_x && a.max_x >= b.min_x && a.min_y <= b.max_y && a.max_y >= b.min_y;
}

Vec2 point_at(const EllipticArc& arc, double t) {
  return arc.center + arc.u * std::cos(t) + arc.v * std::sin(t);
}

class Flattener {
 public:
  Flattener(const Box2& visible, PixelPath& out) : visible_(visible), out_(out) {}

  void move(Vec2 p) {
    end_part(false);
    begin_ = out_.points.size();
    start_ = p;
    add(p, false);
  }
  void line(Vec2 p) {
    open();
    add(p, true);
  }
  void close() {
    end_part(true);
    begin_ = out_.points.size();
  }
  void finish() { end_part(false); }

  void arc(const EllipticArc& arc) {
    open();
    const double radius = std::max(norm(arc.u), norm(arc.v));
    constexpr double kTurn = 2 * std::numbers::pi;
    const double sweep = std::clamp(arc.t1 - arc.t0, -kTurn, kTurn);
    if (!std::isfinite(radius) || !std::isfinite(sweep)) return;
    // The sagitta of a chord of angle s is about r*s*s/8.
    const double step = std::min(1.0, std::sqrt(8 * kTolerance / std::max(radius, 1e-9)));
    const double wanted = std::ceil(std::abs(sweep) / step);
    if (wanted > kPlainPieces) return halve_arc(arc, arc.t0, arc.t0 + sweep, kMaxDepth);
    const int pieces = std::max(1, static_cast<int>(wanted));
    // Turning by one step a time: exact enough for this few.
    const double c = std::cos(sweep / pieces), s = std::sin(sweep / pieces);
    double x = std::cos(arc.t0), y = std::sin(arc.t0);
    for (int i = 1; i <= pieces; ++i) {
      const double next = x * c - y * s;
      y = x * s + y * c;
      x = next;
      add(arc.center + arc.u * x + arc.v * y, false);
    }
  }

  void cubic(Vec2 c1, Vec2 c2, Vec2 p) {
    open();
    halve_cubic(last_, c1, c2, p, kMaxDepth);
  }

 private:
  void open() {
    if (out_.points.size() == begin_) add(start_, false);  // goes on after a close
  }
  void add(Vec2 p, bool straight) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return;
    out_.points.push_back(p);
    out_.straight.push_back(straight);
    out_.box.add(p);
    last_ = p;
  }
  void end_part(bool closed) {
    const std::size_t end = out_.points.size();
    if (end > begin_) out_.parts.push_back({begin_, end, closed});
  }

  // All of the arc from ta to tb lies within its chord's box widened by the sagitta.
  void halve_arc(const EllipticArc& arc, double ta, double tb, int depth) {
    const double half = std::abs(tb - ta) / 2;
    const double radius = std::max(norm(arc.u), norm(arc.v));
    const double sagitta = half < 1.5 ? radius * half * half / 2 : 2 * radius;
    const Vec2 a = point_at(arc, ta), b = point_at(arc, tb);
    if (half < 1.5 && (sagitta <= kTolerance || depth == 0 || !may_show(a, b, sagitta)))
      return add(b, false);
    const double middle = ta + (tb - ta) / 2;
    halve_arc(arc, ta, middle, depth - 1);
    halve_arc(arc, middle, tb, depth - 1);
  }
  bool may_show(Vec2 a, Vec2 b, double widened) const {
    Box2 box;
    box.add(a);
    box.add(b);
    return touches(
        {box.min_x - widened, box.min_y - widened, box.max_x + widened, box.max_y + widened},
        visible_);
  }

  void halve_cubic(Vec2 p0, Vec2 p1, Vec2 p2, Vec2 p3, int depth) {
    // Bound of the second difference gives the number of pieces (Wang's formula).
    const double bend = 6 * std::max(norm(p0 - p1 * 2 + p2), norm(p1 - p2 * 2 + p3));
    const double wanted = std::ceil(std::sqrt(bend / (8 * kTolerance)));
    if (!(wanted > kPlainPieces) || depth == 0) {
      const int pieces =
          std::isfinite(wanted) ? std::max(1, static_cast<int>(std::min(wanted, kPlainPieces))) : 1;
      for (int i = 1; i < pieces; ++i) {
        const double t = static_cast<double>(i) / pieces, s = 1 - t;
        add(p0 * (s * s * s) + p1 * (3 * s * s * t) + p2 * (3 * s * t * t) + p3 * (t * t * t),
            false);
      }
      return add(p3, false);
    }
    Box2 box;
    for (const Vec2 p : {p0, p1, p2, p3}) box.add(p);
    if (!touches(box, visible_)) return add(p3, false);
    const auto middle = [](Vec2 a, Vec2 b) { return (a + b) * 0.5; };
    const Vec2 a = middle(p0, p1), b = middle(p1, p2), c = middle(p2, p3);
    const Vec2 ab = middle(a, b), bc = middle(b, c), m = middle(ab, bc);
    halve_cubic(p0, a, ab, m, depth - 1);
    halve_cubic(m, bc, c, p3, depth - 1);
  }

  const Box2& visible_;
  PixelPath& out_;
  std::size_t begin_ = 0;
  Vec2 start_, last_;
};

}  // namespace

void PixelPath::clear() {
  points.clear();
  straight.clear();
  parts.clear();
  box = {};
}

template <class Map>
void flatten_to_px(const Path& path, const Map& map, const Box2& visible, PixelPath& out) {
  out.clear();
  Flattener to(visible, out);
  std::size_t p = 0, a = 0;
  const std::size_t count = path.points.size();
  for (const Verb verb : path.verbs) {
    if (verb == Verb::close) {
      to.close();
      continue;
    }
    const std::size_t needs = verb == Verb::cubic ? 3 : 1;
    if (count - p < needs) break;
    if (verb == Verb::move) {
      to.move(map(path.points[p]));
    } else if (verb == Verb::line) {
      to.line(map(path.points[p]));
    } else if (verb == Verb::cubic) {
      to.cubic(map(path.points[p]), map(path.points[p + 1]), map(path.points[p + 2]));
    } else {
      if (a == path.arcs.size()) break;
      const EllipticArc& arc = path.arcs[a++];
      to.arc({map(arc.center), map.direction(arc.u), map.direction(arc.v), arc.t0, arc.t1});
    }
    p += needs;
  }
  to.finish();
}
template void flatten_to_px(const Path&, const ViewMap&, const Box2&, PixelPath&);
template void flatten_to_px(const Path&, const Affine&, const Box2&, PixelPath&);

}  // namespace cad::render
