// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/viewport.hpp"

#include <utility>

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

// R12 keeps the view in extended data of application ACAD: MVIEW { 16 (version), target, direction,
// twist, view height, center x, center y, lens, front clip, back clip, mode ... { frozen layers }
// }.
struct MviewReader {
  EntityTags& in;
  Viewport& v;
  int reals = 0, wholes = 0, points = 0, depth = 0;

  void take(const XdataItem& item) {
    if (item.code == 1002) {
      const std::string* brace = std::get_if<std::string>(&item.value);
      depth += brace && *brace == "{" ? 1 : -1;
    } else if (const Vec3* point = std::get_if<Vec3>(&item.value)) {
      if (points == 0) v.view_target = bounded(in, *point);
      if (points == 1) v.view_direction = bounded(in, *point);
      ++points;
    } else if (const double* real = std::get_if<double>(&item.value)) {
      take_real(bounded(in, *real));
    } else if (const std::int64_t* whole = std::get_if<std::int64_t>(&item.value)) {
      if (wholes++ == 1) v.flags |= static_cast<std::uint32_t>(*whole & 0x1f);
    } else if (item.code == 1003 && depth == 2) {
      if (const std::string* name = std::get_if<std::string>(&item.value))
        v.frozen_layers.push_back(in.names().layer(*name));
    }
  }

 private:
  void take_real(double value) {
    switch (reals++) {
      case 0: v.twist_deg = value; break;
      case 1: v.view_height = value; break;
      case 2: v.view_center.x = value; break;
      case 3: v.view_center.y = value; break;
      case 4: v.lens_length = value; break;
      case 5: v.front_clip = value; break;
      case 6: v.back_clip = value; break;
      default: break;
    }
  }
};

void take_mview(EntityTags& in, Viewport& v) {
  MviewReader reader{in, v};
  bool started = false;
  for (const XdataItem& item : xdata_of(in, "ACAD")) {
    const std::string* word = std::get_if<std::string>(&item.value);
    if (item.code == 1000 && word && *word == "MVIEW")
      started = true;
    else if (started)
      reader.take(item);
  }
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
