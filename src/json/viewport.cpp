// SPDX-License-Identifier: Apache-2.0
#include "json/families.hpp"

namespace cad::json {

void write_geometry(Scope& s, const Viewport& g) {
  point_field(s.w, "center", g.center);
  s.w.field("width", g.width);
  s.w.field("height", g.height);
  s.w.key("id");
  s.w.integer(g.id);
  s.w.key("status");
  s.w.integer(g.status);
  s.w.key("viewCenter");
  write_point(s.w, g.view_center);
  point_field(s.w, "viewDirection", g.view_direction);
  point_field(s.w, "viewTarget", g.view_target);
  s.w.field("viewHeight", g.view_height);
  s.w.field("twist", g.twist_deg);
  s.w.field("lensLength", g.lens_length);
  s.w.flag("perspective", (g.flags & 1) != 0);
  s.w.key("frozenLayers");
  s.w.begin_array();
  for (const LayerId id : g.frozen_layers)
    if (id.valid()) s.w.text(s.drawing.at(id).name);
  s.w.end_array();
  s.w.key("clipBoundary");  // handle of the entity that clips it
  g.clip_boundary != 0 ? s.w.hex(g.clip_boundary) : s.w.null();
}

}  // namespace cad::json
