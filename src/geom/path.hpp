// SPDX-License-Identifier: Apache-2.0
// A path of straight segments, elliptic arcs and cubic Beziers in sheet coordinates (doubles).
// Elliptic arcs stay exact under any affine map, so extents are exact and flattening happens once,
// in the backend, at the resolution it needs.
#pragma once

#include <cstdint>
#include <vector>

#include "base/vec.hpp"

namespace cad {

// x' = a*x + c*y + e,  y' = b*x + d*y + f
struct Affine {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
  Vec2 operator()(Vec2 p) const { return {a * p.x + c * p.y + e, b * p.x + d * p.y + f}; }
  Vec2 direction(Vec2 v) const { return {a * v.x + c * v.y, b * v.x + d * v.y}; }
  double determinant() const { return a * d - b * c; }
};
Affine operator*(const Affine& outer, const Affine& inner);  // outer(inner(p))

enum class Verb : std::uint8_t { move, line, arc, cubic, close };

// The point of an arc at t is center + u*cos(t) + v*sin(t), drawn from t0 to t1 (t1 < t0:
// clockwise).
struct EllipticArc {
  Vec2 center, u, v;
  double t0 = 0, t1 = 0;
};

// points: move 1, line 1, cubic 3 (two controls, end). An arc takes the next of `arcs` and one
// point, its end. An arc starts at the current point (= its point at t0).
struct Path {
  std::vector<Verb> verbs;
  std::vector<Vec2> points;
  std::vector<EllipticArc> arcs;

  void move_to(Vec2 p) {
    verbs.push_back(Verb::move);
    points.push_back(p);
  }
  void line_to(Vec2 p) {
    verbs.push_back(Verb::line);
    points.push_back(p);
  }
  void cubic_to(Vec2 c1, Vec2 c2, Vec2 p) {
    verbs.push_back(Verb::cubic);
    points.insert(points.end(), {c1, c2, p});
  }
  void arc_to(const EllipticArc& arc);
  void close() { verbs.push_back(Verb::close); }
  void clear() {
    verbs.clear();
    points.clear();
    arcs.clear();
  }
  bool empty() const { return verbs.empty(); }
};

void transform(Path& path, const Affine& map);  // in place
Path transformed(const Path& path, const Affine& map);
void append(Path& path, const Path& more);
Box2 extents(const Path& path);  // exact, of the curve itself, without pen width
// Of the path under the map, without making it.
Box2 extents(const Path& path, const Affine& map);

// Straight pieces that stay within `tolerance` of the path, appended polyline by polyline.
struct Polyline2 {
  std::vector<Vec2> points;
  bool closed = false;
};
void flatten(const Path& path, double tolerance, std::vector<Polyline2>& out);

// A glyph of a face at its place in a run.
struct Glyph {
  std::uint32_t id = 0;  // in the face
  Vec2 origin;           // in run space: 1 unit = 1 em
};

}  // namespace cad
