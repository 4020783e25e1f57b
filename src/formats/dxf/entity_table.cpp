// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/entity_table.hpp"

#include <algorithm>
#include <array>

#include "formats/dxf/blocks.hpp"
#include "formats/dxf/curves.hpp"
#include "formats/dxf/entity_tags.hpp"
#include "formats/dxf/polylines.hpp"

namespace cad::dxf {
namespace {

// Sorted by name (checked below).
constexpr std::array kRows{
    EntityRow{"ARC", read_arc, kPlain},         EntityRow{"CIRCLE", read_circle, kPlain},
    EntityRow{"ELLIPSE", read_ellipse, kPlain}, EntityRow{"INSERT", read_insert, kPlain},
    EntityRow{"LINE", read_line, kPlain},       EntityRow{"LWPOLYLINE", read_lwpolyline, kPlain},
    EntityRow{"POINT", read_point, kPlain},     EntityRow{"POLYLINE", read_polyline, kPlain},
    EntityRow{"RAY", read_ray, kPlain},         EntityRow{"SPLINE", read_spline, kPlain},
    EntityRow{"XLINE", read_xline, kPlain},
};
static_assert(std::ranges::is_sorted(kRows, {}, &EntityRow::type));

}  // namespace

const EntityRow* find_entity_row(std::string_view type) {
  const auto row = std::ranges::lower_bound(kRows, type, {}, &EntityRow::type);
  return row != kRows.end() && row->type == type ? &*row : nullptr;
}

Geometry read_unknown(EntityTags& in) {
  Indirect<Unknown> unknown;
  unknown->type = std::string(in.type());
  while (in.next()) {
  }
  return unknown;
}

}  // namespace cad::dxf
