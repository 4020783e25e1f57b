// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "json/families.hpp"

namespace cad::json {
namespace {

void write_edge(Writer& w, Vec3 start, Vec3 end) {
  w.begin_object();
  point_field(w, "start", start);
  point_field(w, "end", end);
  w.end_object();
}

using Edge = std::array<std::uint32_t, 2>;

// Every edge of the cage once, smaller vertex number first.
std::vector<Edge> cage_edges(const Mesh& g) {
  std::vector<Edge> edges;
  const auto add = [&](std::uint32_t a, std::uint32_t b) {
    if (a < g.vertices.size() && b < g.vertices.size() && a != b)
      edges.push_back({std::min(a, b), std::max(a, b)});
  };
  for (const auto& face : g.faces)
    for (std::size_t i = 0; i < face.size(); ++i) add(face[i], face[(i + 1) % face.size()]);
  if (g.faces.empty())
    for (const Edge& edge : g.edges) add(edge[0], edge[1]);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

}  // namespace

// Corners in the order of the outline: SOLID and TRACE store the last two crosswise. A triangle
// repeats its third corner and is written with three.
void write_geometry(Scope& s, const Solid& g) {
  const bool face = g.kind == Solid::Kind::face3d;
  const auto& c = g.corners;
  const auto corner = [&](std::size_t i) { write_point(s.w, face ? c[i] : s.world(c[i])); };
  s.w.key("vertices");
  s.w.begin_array();
  corner(0);
  corner(1);
  if (c[2] == c[3]) {
    corner(2);
  } else {
    corner(face ? 2 : 3);
    corner(face ? 3 : 2);
  }
  s.w.end_array();
  if (!face) return write_plane(s);
  if (g.invisible_edges == 0) return;
  s.w.key("invisibleEdges");  // the edge from this vertex (by number) to the next
  s.w.begin_array();
  for (int i = 0; i < 4; ++i)
    if ((g.invisible_edges >> i & 1) != 0) s.w.integer(i);
  s.w.end_array();
}

void write_geometry(Scope& s, const Mesh& g) {
  s.w.key("vertices");
  write_points(s.w, g.vertices);
  s.w.key("faces");
  s.w.begin_array();
  for (const auto& face : g.faces) {
    s.w.begin_array();
    for (const std::uint32_t vertex : face) s.w.integer(vertex);
    s.w.end_array();
  }
  s.w.end_array();
  s.w.key("edges");
  s.w.begin_array();
  for (const Edge& edge : cage_edges(g)) write_edge(s.w, g.vertices[edge[0]], g.vertices[edge[1]]);
  s.w.end_array();
  s.w.count("subdivisionLevel", g.subdivision_level);
}

void write_geometry(Scope& s, const AcisBody& g) {
  s.w.key("edges");
  if (g.edges.empty()) return s.w.null();
  s.w.begin_array();
  for (const auto& edge : g.edges) write_edge(s.w, edge[0], edge[1]);
  s.w.end_array();
}

}  // namespace cad::json
