// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/viewport.hpp"

#include <utility>

#include "formats/acad/mview.hpp"
#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

bool take_view_point(EntityTags& in, Viewport& v) {
  return take_point(in, 10, v.center) || take_point(in, 12, v.view_center) ||
         take_point(in, 13, v.snap_base) || take_point(in, 14, v.snap_spacing) ||
         take_point(in, 15, v.grid_spacing) || take_point(in, 16, v.view_direction) ||
         take_point(in, 17, v.view_target) || take_point(in, 110, v.ucs_origin) ||
         take_point(in, 111, v.ucs_x) || take_point(in, 112, v.ucs_y);
}

bool take_view_number(EntityTags& in, Viewport& v) {
  switch (in.code()) {
    case 40: v.width = in.number(); return true;
    case 41: v.height = in.number(); return true;
    case 42: v.lens_length = in.number(); return true;
    case 43: v.front_clip = in.number(); return true;
    case 44: v.back_clip = in.number(); return true;
    case 45: v.view_height = in.number(); return true;
    case 50: v.snap_angle_deg = in.number(); return true;
    case 51: v.twist_deg = in.number(); return true;
    case 146: v.elevation = in.number(); return true;
    default: return false;
  }
}

void take_view_state(EntityTags& in, Viewport& v) {
  switch (in.code()) {
    case 1: v.plot_style = in.text(); break;
    case 68: v.status = integer_as<std::int32_t>(in); break;
    case 69: v.id = integer_as<std::int32_t>(in); break;
    case 90: v.flags = integer_as<std::uint32_t>(in); break;
    case 170: v.shade_plot = integer_as<std::uint8_t>(in); break;
    case 281: v.render_mode = integer_as<std::uint8_t>(in); break;
    case 331:
    case 341: {
      const LayerId layer = in.names().layer_by_handle(in.handle());
      if (layer.valid() && in.room_for_vertex(v.frozen_layers.size()))
        v.frozen_layers.push_back(layer);
      break;
    }
    case 340: v.clip_boundary = in.handle(); break;
    default: break;
  }
}

// R12 keeps the view in extended data.
void take_mview(EntityTags& in, Viewport& v) {
  for (const std::string& layer :
       acad::take_mview(xdata_of(in, "ACAD"), in.limits().max_coordinate, v))
    v.frozen_layers.push_back(in.names().layer(layer));
}

}  // namespace

Geometry read_viewport(EntityTags& in) {
  Viewport v;
  bool has_view = false;
  while (in.next()) {
    if (in.code() == 45 || in.code() == 12) has_view = true;
    if (!take_view_point(in, v) && !take_view_number(in, v)) take_view_state(in, v);
  }
  if (!has_view) take_mview(in, v);
  return Indirect<Viewport>(std::move(v));
}

}  // namespace cad::dxf
