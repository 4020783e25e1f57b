// SPDX-License-Identifier: Apache-2.0
// ACIS data of solids, regions and surfaces as AutoCAD keeps it in DXF and DWG files.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/vec.hpp"
#include "geom/acis_edges.hpp"

namespace cad::acad {

// ACIS text is enciphered: every printable character but the blank is 159 minus its code. Appends
// to `out`.
void decipher_sat(std::string_view text, std::string& out);

// The edges in ACIS data, text or binary, as far as the drawing has room for them. A few bytes of
// data may make many pieces: each counts as two vertices of the drawing's total. `loader`: of
// either format.
template <class Loader>
std::vector<std::array<Vec3, 2>> read_wireframe(Loader& loader, std::string_view data,
                                                std::string_view type) {
  if (data.empty() || !loader.room_for_vertex(0, type)) return {};
  auto edges = acis::wireframe(data, loader.limits().max_vertices_per_entity / 2);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (loader.room_for_vertex(2 * i, type) && loader.room_for_vertex(2 * i + 1, type)) continue;
    edges.resize(i);
  }
  return edges;
}

}  // namespace cad::acad
