// SPDX-License-Identifier: Apache-2.0
#include "render/clip_geometry.hpp"

#include <algorithm>
#include <vector>

namespace cad::render {

Vec2 inside_of(const Box2& box, Vec2 p) {
  return {std::clamp(p.x, box.min_x, box.max_x), std::clamp(p.y, box.min_y, box.max_y)};
}

bool clip_segment(const Box2& box, Vec2& a, Vec2& b) {
  const Vec2 d = b - a;
  double t0 = 0, t1 = 1;
  // Liang-Barsky: `from` is how far inside the edge a lies, `along` how fast b leaves it.
  const auto edge = [&](double along, double from) {
    if (along == 0) return from >= 0;
    const double t = from / along;
    if (along > 0)
      t1 = std::min(t1, t);
    else
      t0 = std::max(t0, t);
    return t0 <= t1;
  };
  if (!edge(-d.x, a.x - box.min_x) || !edge(d.x, box.max_x - a.x) || !edge(-d.y, a.y - box.min_y) ||
      !edge(d.y, box.max_y - a.y))
    return false;
  const Vec2 origin = a;
  if (t1 < 1) b = origin + d * t1;
  if (t0 > 0) a = origin + d * t0;
  // Rounding of absurd coordinates must not leave the box.
  a = inside_of(box, a);
  b = inside_of(box, b);
  return true;
}

namespace {

// Sutherland-Hodgman against one edge: keeps the side where `inside(p)` (a signed distance) >= 0.
template <class Inside>
void clip_edge(std::vector<Vec2>& points, std::vector<Vec2>& scratch, Inside inside) {
  scratch.clear();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Vec2 a = points[i], b = points[(i + 1) % points.size()];
    const double da = inside(a), db = inside(b);
    if (da >= 0) scratch.push_back(a);
    if ((da >= 0) != (db >= 0)) scratch.push_back(a + (b - a) * (da / (da - db)));
  }
  points.swap(scratch);
}

}  // namespace

void clip_area(const Box2& box, PixelPath& path) {
  PixelPath out;
  std::vector<Vec2> points, scratch;
  for (const PixelPath::Part& part : path.parts) {
    const auto all = path.of(part);
    points.assign(all.begin(), all.end());
    clip_edge(points, scratch, [&](Vec2 p) { return p.x - box.min_x; });
    clip_edge(points, scratch, [&](Vec2 p) { return box.max_x - p.x; });
    clip_edge(points, scratch, [&](Vec2 p) { return p.y - box.min_y; });
    clip_edge(points, scratch, [&](Vec2 p) { return box.max_y - p.y; });
    if (points.size() < 3) continue;
    const std::size_t begin = out.points.size();
    for (const Vec2 p : points) {
      out.points.push_back(inside_of(box, p));
      out.box.add(out.points.back());
    }
    out.parts.push_back({begin, out.points.size(), true});
  }
  out.straight.assign(out.points.size(), 1);
  path = std::move(out);
}

void limit_area(const IntRect& shown, PixelPath& path) {
  constexpr double kFar = 1e6;  // pixels
  const Box2& box = path.box;
  if (box.empty() ||
      (box.min_x > -kFar && box.min_y > -kFar && box.max_x < kFar && box.max_y < kFar))
    return;
  constexpr double kSlack = 16;
  clip_area({shown.x0 - kSlack, shown.y0 - kSlack, shown.x1 + kSlack, shown.y1 + kSlack}, path);
}

}  // namespace cad::render
