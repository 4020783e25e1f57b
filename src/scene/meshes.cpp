// SPDX-License-Identifier: Apache-2.0
// Meshes are drawn as their edges, each once.
#include <algorithm>
#include <utility>
#include <vector>

#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

using Edge = std::pair<std::uint32_t, std::uint32_t>;

void add_edge(std::vector<Edge>& edges, std::uint32_t a, std::uint32_t b) {
  if (a != b) edges.emplace_back(std::min(a, b), std::max(a, b));
}

template <class PointAt>
void stroke_edges(Emitter& out, std::vector<Edge>& edges, PointAt point_at) {
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (!out.spend(edges.size() / 16)) return;
  out.path.clear();
  for (const auto& [a, b] : edges) {
    out.path.move_to(out.frame.view(point_at(a)));
    out.path.line_to(out.frame.view(point_at(b)));
  }
  out.stroke_plain(out.path);
}

}  // namespace

void draw_mesh(Emitter& out, const Polyline& polyline) {
  // A smoothed mesh holds its frame first (flag 16) and the surface after it (flag 64).
  const bool smoothed =
      polyline.smooth_type != 0 && polyline.m_density > 1 && polyline.n_density > 1;
  std::vector<Vec3> points;
  for (const PolyVertex& vertex : polyline.vertices)
    if (!smoothed || (vertex.flags & 16) == 0) points.push_back(vertex.position);
  const std::uint64_t m = smoothed ? polyline.m_density : polyline.m_count;
  const std::uint64_t n = smoothed ? polyline.n_density : polyline.n_count;
  if (m == 0 || n == 0 || m * n > points.size()) return;
  std::vector<Edge> edges;
  const auto index = [&](std::uint64_t i, std::uint64_t k) {
    return static_cast<std::uint32_t>((i % m) * n + k % n);
  };
  for (std::uint64_t i = 0; i < m; ++i)
    for (std::uint64_t k = 0; k < n; ++k) {
      if (i + 1 < m || polyline.closed()) add_edge(edges, index(i, k), index(i + 1, k));
      if (k + 1 < n || polyline.closed_n()) add_edge(edges, index(i, k), index(i, k + 1));
    }
  stroke_edges(out, edges, [&](std::uint32_t i) { return points[i]; });
}

void draw_polyface(Emitter& out, const Polyline& polyline) {
  const auto& v = polyline.vertices;
  std::vector<Edge> edges;
  for (const auto& face : polyline.faces) {
    std::size_t corners = 4;
    while (corners > 0 && face[corners - 1] == 0) --corners;
    if (corners < 2) continue;
    for (std::size_t i = 0; i < corners; ++i) {
      const std::int64_t a = face[i], b = face[(i + 1) % corners];
      const auto from = static_cast<std::uint64_t>(a < 0 ? -a : a);
      const auto to = static_cast<std::uint64_t>(b < 0 ? -b : b);
      const bool shown = a > 0 || out.measuring();
      if (shown && from >= 1 && to >= 1 && from <= v.size() && to <= v.size())
        add_edge(edges, static_cast<std::uint32_t>(from - 1), static_cast<std::uint32_t>(to - 1));
    }
  }
  stroke_edges(out, edges, [&](std::uint32_t i) { return v[i].position; });
}

void draw(Emitter& out, const Indirect<Mesh>& mesh, const Entity&) {
  std::vector<Edge> edges;
  const std::size_t count = mesh->vertices.size();
  const auto add = [&](std::uint32_t a, std::uint32_t b) {
    if (a < count && b < count) add_edge(edges, a, b);
  };
  for (const auto& face : mesh->faces)
    for (std::size_t i = 0; i < face.size(); ++i) add(face[i], face[(i + 1) % face.size()]);
  for (const auto& edge : mesh->edges) add(edge[0], edge[1]);
  stroke_edges(out, edges, [&](std::uint32_t i) { return mesh->vertices[i]; });
}

}  // namespace cad::scene::detail
