// SPDX-License-Identifier: Apache-2.0
// MESH, the subdivision mesh. Not in the specification: the order is that of DXF.
#include "formats/dwg/mesh.hpp"

#include <algorithm>
#include <utility>

namespace cad::dwg {
namespace {

// A face is its number of corners, then their numbers; the count is of all items together.
void read_faces(EntityIn& in, Mesh& m) {
  std::size_t items = in.vertex_count(in.ubl(), 2);
  while (items > 0 && in.ok()) {
    const std::uint32_t corners = in.ubl();
    --items;
    if (corners > items) {
      in.fail();
      return;
    }
    items -= corners;
    std::vector<std::uint32_t>& face = m.faces.emplace_back(corners);
    for (std::uint32_t& corner : face) corner = in.ubl();
  }
}

// Faces and edges that name vertices the mesh does not have are dropped.
void drop_loose_parts(EntityIn& in, Mesh& m) {
  const auto inside = [&](std::uint32_t vertex) { return vertex < m.vertices.size(); };
  const std::size_t faces = std::erase_if(m.faces, [&](const auto& face) {
    return face.size() < 3 || !std::ranges::all_of(face, inside);
  });
  const std::size_t edges =
      std::erase_if(m.edges, [&](const auto& edge) { return !std::ranges::all_of(edge, inside); });
  if (faces + edges > 0)
    in.warn("MESH_DAMAGED", "A mesh has faces or edges without vertices; they were left out.");
  if (edges > 0 || m.creases.size() != m.edges.size()) m.creases.clear();
}

}  // namespace

Geometry read_mesh(EntityIn& in) {
  Mesh m;
  in.bs();  // version
  m.blend_crease = in.b();
  m.subdivision_level = in.ubl();
  m.vertices.resize(in.vertex_count(in.ubl(), 6));
  for (Vec3& vertex : m.vertices) vertex = in.bd3();
  read_faces(in, m);
  m.edges.resize(in.vertex_count(in.ubl(), 4));
  for (auto& edge : m.edges) {
    edge[0] = in.ubl();
    edge[1] = in.ubl();
  }
  m.creases.resize(in.vertex_count(in.ubl(), 2));
  for (double& crease : m.creases) crease = in.bd();
  in.bl();  // sub-entities whose properties are overridden
  drop_loose_parts(in, m);
  return Indirect<Mesh>(std::move(m));
}

}  // namespace cad::dwg
