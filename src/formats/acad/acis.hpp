// SPDX-License-Identifier: Apache-2.0
// ACIS data of solids, regions and surfaces as AutoCAD keeps it in DXF and DWG files.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
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
  acis::Wireframe wireframe = acis::wireframe(data, loader.limits().max_vertices_per_entity / 2);
  auto& edges = wireframe.segments;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (loader.room_for_vertex(2 * i, type) && loader.room_for_vertex(2 * i + 1, type)) continue;
    edges.resize(i);
  }
  if (wireframe.left_out > 0)
    loader.warn("ACIS_EDGES_LEFT_OUT", type,
                "Some edges of a solid are on curves that are not understood; they are not shown.");
  return std::move(edges);
}

}  // namespace cad::acad
