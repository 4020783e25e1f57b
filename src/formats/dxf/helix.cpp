// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/helix.hpp"

#include <utility>

#include "formats/dxf/curves.hpp"
#include "formats/dxf/fields.hpp"

namespace cad::dxf {

Geometry read_helix(EntityTags& in) {
  Helix h;
  while (in.next()) {
    if (in.subclass() != "AcDbHelix") {
      read_spline_group(in, h.spline);
      continue;
    }
    if (take_point(in, 10, h.axis_base) || take_point(in, 11, h.start_point) ||
        take_point(in, 12, h.axis_vector))
      continue;
    switch (in.code()) {
      case 40: h.radius = in.number(); break;
      case 41: h.turns = in.number(); break;
      case 42: h.turn_height = in.number(); break;
      case 280: h.constraint = integer_in<std::uint8_t>(in, 0, 2, 0); break;
      case 290: h.right_handed = in.flag(); break;
      default: break;
    }
  }
  return Indirect<Helix>(std::move(h));
}

}  // namespace cad::dxf
