// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/viewport.hpp"

#include <utility>

#include "formats/acad/mview.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;
constexpr std::uint32_t kOff = 0x20000;

void read_view(EntityIn& in, Viewport& v) {
  v.view_target = in.bd3();
  v.view_direction = in.bd3();
  v.twist_deg = in.bd() * kDegrees;
  v.view_height = in.bd();
  v.lens_length = in.bd();
  v.front_clip = in.bd();
  v.back_clip = in.bd();
  v.snap_angle_deg = in.bd() * kDegrees;
  v.view_center = in.rd2();
  v.snap_base = in.rd2();
  v.snap_spacing = in.rd2();
  v.grid_spacing = in.rd2();
  in.bs();                               // circle zoom
  if (in.from(Version::r2007)) in.bs();  // grid lines between major ones
}

void read_ucs(EntityIn& in, Viewport& v) {
  in.b();  // icon at the origin
  in.b();  // an UCS of its own
  v.ucs_origin = in.bd3();
  v.ucs_x = in.bd3();
  v.ucs_y = in.bd3();
  v.elevation = in.bd();
  in.bs();  // orthographic type
}

void read_lights(EntityIn& in) {
  in.b();      // default lights
  in.rc();     // their kind
  in.bd();     // brightness
  in.bd();     // contrast
  in.color();  // ambient light
}

void read_frozen_layers(EntityIn& in, std::uint32_t claimed, Viewport& v) {
  const std::size_t count = in.handles().count(claimed, 8);
  for (std::size_t i = 0; i < count; ++i) {
    const LayerId layer = in.loader().layer(in.handle());
    if (layer.valid() && in.room_for_vertex(v.frozen_layers.size()))
      v.frozen_layers.push_back(layer);
  }
}

// R13 and R14 keep the view in extended data.
void take_mview(EntityIn& in, Viewport& v) {
  for (const std::string& name :
       acad::take_mview(in.xdata("ACAD"), in.limits().max_coordinate, v)) {
    const LayerId layer = in.loader().layer_named(name);
    if (layer.valid()) v.frozen_layers.push_back(layer);
  }
}

}  // namespace

Geometry read_viewport(EntityIn& in) {
  Viewport v;
  v.center = in.bd3();
  v.width = in.bd();
  v.height = in.bd();
  if (!in.from(Version::r2000)) {
    in.handle();  // viewport entity header
    take_mview(in, v);
    return Indirect<Viewport>(std::move(v));
  }
  read_view(in, v);
  const std::uint32_t frozen_layers = in.ubl();
  v.flags = in.ubl();
  v.plot_style = in.text();
  v.render_mode = in.rc();
  read_ucs(in, v);
  if (in.from(Version::r2004)) v.shade_plot = static_cast<std::uint8_t>(in.bs());
  if (in.from(Version::r2007)) read_lights(in);
  read_frozen_layers(in, frozen_layers, v);
  v.clip_boundary = in.handle();
  if (!in.from(Version::r2004)) in.handle();  // viewport entity header
  in.handle();                                // named UCS
  in.handle();                                // base UCS
  if (in.from(Version::r2007)) {
    in.handle();  // background
    in.handle();  // visual style
    in.handle();  // shade plot
    in.handle();  // sun
  }
  return Indirect<Viewport>(std::move(v));
}

void number_viewports(Drawing& drawing) {
  for (const Layout& layout : drawing.layouts) {
    if (layout.is_model) continue;
    std::int32_t number = 0;
    for (Entity& entity : drawing.at(layout.block).entities) {
      auto* const viewport = std::get_if<Indirect<Viewport>>(&entity.geometry);
      if (viewport == nullptr) continue;
      (*viewport)->id = ++number;
      (*viewport)->status = ((*viewport)->flags & kOff) != 0 ? 0 : number;
    }
  }
}

}  // namespace cad::dwg
