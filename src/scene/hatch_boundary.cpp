// SPDX-License-Identifier: Apache-2.0
#include "scene/hatch_boundary.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "geom/arcs.hpp"
#include "geom/nurbs.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr std::uint32_t kExternal = 1, kTextBox = 8, kOutermost = 16;

// An edge in the direction of its storage.
struct EdgePath {
  Path path;  // begins with its move
  Vec2 start() const { return path.points.front(); }
  Vec2 end() const { return path.points.back(); }
};

void build(const HatchLineEdge& edge, Path& path) {
  path.move_to(edge.start);
  path.line_to(edge.end);
}
void build(const HatchArcEdge& edge, Path& path) { add_arc(path, to_arc(edge), Affine{}, true); }
void build(const HatchEllipseEdge& edge, Path& path) {
  add_arc(path, to_arc(edge), Affine{}, true);
}
void build(const HatchSplineEdge& edge, Path& path) {
  add_beziers(path, to_beziers(edge), Projection{});
}

// Edges hold one move and then segments of one kind.
void reverse(Path& path) {
  std::reverse(path.points.begin(), path.points.end());
  std::reverse(path.arcs.begin(), path.arcs.end());
  for (EllipticArc& arc : path.arcs) std::swap(arc.t0, arc.t1);
}

double distance(Vec2 a, Vec2 b) { return length(b - a); }

// Edges are meant to follow each other; some programs store single ones the wrong way round.
void orient(std::vector<EdgePath>& edges) {
  if (edges.size() < 2) return;
  const auto gap = [&](std::size_t i, Vec2 from) {
    return std::min(distance(edges[i].start(), from), distance(edges[i].end(), from));
  };
  if (gap(1, edges[0].start()) < gap(1, edges[0].end())) reverse(edges[0].path);
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const Vec2 at = edges[i - 1].end();
    if (distance(edges[i].end(), at) < distance(edges[i].start(), at)) reverse(edges[i].path);
  }
}

void add_edges(const HatchLoop& loop, Path& out) {
  std::vector<EdgePath> edges;
  edges.reserve(loop.edges.size());
  double size = 0;
  for (const HatchEdge& edge : loop.edges) {
    EdgePath built;
    std::visit([&](const auto& e) { build(e, built.path); }, edge);
    if (built.path.points.size() < 2) continue;
    for (const Vec2 p : built.path.points) size = std::max({size, std::abs(p.x), std::abs(p.y)});
    edges.push_back(std::move(built));
  }
  if (edges.empty()) return;
  orient(edges);
  const double joined = size * 1e-9;
  out.move_to(edges.front().start());
  for (EdgePath& edge : edges) {
    if (distance(out.points.back(), edge.start()) > joined) out.line_to(edge.start());
    edge.path.verbs.erase(edge.path.verbs.begin());
    edge.path.points.erase(edge.path.points.begin());
    append(out, edge.path);
  }
  out.close();
}

bool is_used(const HatchLoop& loop, std::uint8_t style) {
  if (style == 1) return (loop.flags & (kExternal | kOutermost)) != 0;
  if (style == 2) return (loop.flags & kExternal) != 0;
  return true;
}

bool is_text_box(const HatchLoop& loop) { return (loop.flags & kTextBox) != 0; }

}  // namespace

HatchBoundary hatch_boundary(const Hatch& hatch) {
  HatchBoundary out;
  const auto chosen = [&](const HatchLoop& loop) { return is_used(loop, hatch.style); };
  const bool flags_choose = std::any_of(hatch.loops.begin(), hatch.loops.end(), chosen);
  const bool only_boxes = std::all_of(hatch.loops.begin(), hatch.loops.end(), is_text_box);
  for (const HatchLoop& loop : hatch.loops) {
    const bool is_box = is_text_box(loop) && !only_boxes;
    if (is_box ? hatch.style == 2 : flags_choose && !chosen(loop)) continue;
    Path& path = is_box ? out.text_boxes : out.path;
    if (loop.is_polyline)
      add_polyline(path, loop.polyline, true, Affine{});
    else
      add_edges(loop, path);
  }
  if (hatch.style == 2 && flags_choose) out.rule = FillRule::non_zero;
  return out;
}

}  // namespace cad::scene::detail
