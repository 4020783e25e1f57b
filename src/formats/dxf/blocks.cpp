// SPDX-License-Identifier: Apache-2.0
// INSERT, and MINSERT as its grid (DXF Reference, ENTITIES section).
#include "formats/dxf/blocks.hpp"

#include <algorithm>

namespace cad::dxf {
namespace {

std::uint32_t count_of(EntityTags& in) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(in.integer(), 0, 0x7fff));
}

}  // namespace

Geometry read_insert(EntityTags& in) {
  Indirect<Insert> insert;
  Insert& i = *insert;
  while (in.next()) {
    switch (in.code()) {
      case 2: i.block = in.names().block(in.text()); break;
      case 10: i.position.x = in.number(); break;
      case 20: i.position.y = in.number(); break;
      case 30:
      case 38: i.position.z = in.number(); break;
      case 41: i.scale.x = in.number(); break;
      case 42: i.scale.y = in.number(); break;
      case 43: i.scale.z = in.number(); break;
      case 44: i.column_spacing = in.number(); break;
      case 45: i.row_spacing = in.number(); break;
      case 50: i.rotation_deg = in.number(); break;
      case 70: i.columns = std::max(count_of(in), 1u); break;
      case 71: i.rows = std::max(count_of(in), 1u); break;
      default: break;
    }
  }
  return insert;
}

}  // namespace cad::dxf
