// SPDX-License-Identifier: Apache-2.0
#include "scene/hatch_lines.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace cad::scene::detail {
namespace {

// Where a boundary edge crosses pattern line `line`, and in which direction.
struct Crossing {
  std::int64_t line;
  double x;
  int winding;
};

// Coordinates in which the lines of the family are y = 0, 1, 2 ... and x runs along them in
// drawing units. Everything is relative to `origin`, a point of the boundary: far from the world's
// origin no digits are lost.
struct Family {
  Vec2 along, across;  // unit vectors
  double spacing = 0;  // between lines, signed to `across`
  double shift = 0;    // along, from one line to the next
  Vec2 base;           // relative to the boundary's origin
  Vec2 to_family(Vec2 p) const {
    const Vec2 d = p - base;
    return {dot(d, along), dot(d, across) / spacing};
  }
  Vec2 to_plane(double x, double line) const {
    return base + along * x + across * (line * spacing);
  }
};

bool take(std::size_t& left, double count) {
  if (!(count <= static_cast<double>(left))) return false;
  left -= static_cast<std::size_t>(count);
  return true;
}

Family family_of(const HatchPatternLine& line, Vec2 origin) {
  const double a = line.angle_deg * (std::numbers::pi / 180);
  Family out;
  out.along = {std::cos(a), std::sin(a)};
  out.across = {-out.along.y, out.along.x};
  out.spacing = dot(line.offset, out.across);
  out.shift = dot(line.offset, out.along);
  out.base = line.base - origin;
  return out;
}

bool collect_crossings(const std::vector<Polyline2>& boundary, Vec2 origin, const Family& family,
                       PatternBudget& budget, std::vector<Crossing>& out) {
  std::size_t points = 0;
  for (const Polyline2& ring : boundary) points += ring.points.size();
  if (!take(budget.pieces, static_cast<double>(points / 16))) return false;
  double lowest = INFINITY, highest = -INFINITY;
  for (const Polyline2& ring : boundary)
    for (const Vec2 p : ring.points) {
      const double y = family.to_family(p - origin).y;
      lowest = std::min(lowest, y);
      highest = std::max(highest, y);
    }
  if (!(highest - lowest < 9e15) || std::abs(lowest) > 9e15) return false;
  if (!take(budget.lines, std::floor(highest - lowest))) return false;
  for (const Polyline2& ring : boundary) {
    const std::size_t n = ring.points.size();
    for (std::size_t i = 0; i < n; ++i) {
      const Vec2 a = family.to_family(ring.points[i] - origin);
      const Vec2 b = family.to_family(ring.points[(i + 1) % n] - origin);
      if (a.y == b.y) continue;
      // Half-open in y: a vertex on a line belongs to one of its two edges.
      const double lo = std::min(a.y, b.y), hi = std::max(a.y, b.y);
      const double first = std::ceil(lo), last = std::ceil(hi) - 1;
      if (last < first) continue;
      if (!take(budget.pieces, last - first + 1)) return false;
      const double slope = (b.x - a.x) / (b.y - a.y);
      const int winding = b.y > a.y ? 1 : -1;
      for (double line = first; line <= last; ++line)
        out.push_back({static_cast<std::int64_t>(line), a.x + slope * (line - a.y), winding});
    }
  }
  std::sort(out.begin(), out.end(), [](const Crossing& p, const Crossing& q) {
    return p.line != q.line ? p.line < q.line : p.x < q.x;
  });
  return true;
}

// Dashes of one line between x0 and x1.
bool add_dashes(const HatchPatternLine& pattern, double total, const Family& family, Vec2 origin,
                double line, double x0, double x1, PatternBudget& budget, Path& out) {
  const auto add = [&](double from, double to) {
    out.move_to(origin + family.to_plane(from, line));
    out.line_to(origin + family.to_plane(to, line));
  };
  if (!(total > 0)) {
    if (!take(budget.pieces, 1)) return false;
    add(x0, x1);
    return true;
  }
  const double per_repeat = static_cast<double>(pattern.dashes.size());
  if (!take(budget.pieces, std::ceil((x1 - x0) / total + 1) * per_repeat)) return false;
  const double phase = line * family.shift;
  double x = phase + std::floor((x0 - phase) / total) * total;
  while (x < x1) {
    const double before = x;
    for (const double dash : pattern.dashes) {
      const double next = x + std::abs(dash);
      if (dash > 0 && next > x0 && x < x1) add(std::max(x, x0), std::min(next, x1));
      if (dash == 0 && x >= x0 && x <= x1) add(x, x);
      x = next;
    }
    if (!(x > before)) break;  // steps below the resolution of doubles
  }
  return true;
}

bool add_family(const std::vector<Polyline2>& boundary, Vec2 origin, FillRule rule,
                const HatchPatternLine& pattern, PatternBudget& budget, Path& out) {
  Family family = family_of(pattern, origin);
  if (std::abs(family.spacing) < 1e-12) family.spacing = 1e12;  // lines on top of each other: one
  std::vector<Crossing> crossings;
  if (!collect_crossings(boundary, origin, family, budget, crossings)) return false;
  double total = 0;
  for (const double dash : pattern.dashes) total += std::abs(dash);
  int inside = 0;
  for (std::size_t i = 0; i + 1 < crossings.size(); ++i) {
    const Crossing &from = crossings[i], &to = crossings[i + 1];
    inside = rule == FillRule::even_odd ? inside ^ 1 : inside + from.winding;
    if (from.line != to.line) {
      inside = 0;
      continue;
    }
    if (inside == 0 || !(to.x > from.x)) continue;
    if (!add_dashes(pattern, total, family, origin, static_cast<double>(from.line), from.x, to.x,
                    budget, out))
      return false;
  }
  return true;
}

}  // namespace

bool add_pattern_lines(const Path& boundary, FillRule rule, std::span<const HatchPatternLine> lines,
                       PatternBudget& budget, Path& out) {
  const Box2 box = extents(boundary);
  if (box.empty()) return true;
  const double size = std::max(box.width(), box.height());
  if (!(size > 0)) return true;
  std::vector<Polyline2> rings;
  flatten(boundary, size * 1e-5, rings);
  const Vec2 origin{box.min_x, box.min_y};
  for (const HatchPatternLine& line : lines)
    if (!add_family(rings, origin, rule, line, budget, out)) return false;
  return true;
}

}  // namespace cad::scene::detail
