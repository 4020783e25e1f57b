// SPDX-License-Identifier: Apache-2.0
#include "json/families.hpp"

namespace cad::json {

void write_block_name(Scope& s, BlockId id) {
  id.valid() ? s.w.text(s.drawing.at(id).name) : s.w.null();
}

void write_geometry(Scope& s, const Insert& g) {
  point_field(s.w, "position", s.world(g.position));
  s.w.field("scaleX", g.scale.x);
  s.w.field("scaleY", g.scale.y);
  s.w.field("scaleZ", g.scale.z);
  s.w.field("rotation", g.rotation_deg);
  s.w.count("columns", g.columns);
  s.w.count("rows", g.rows);
  s.w.field("columnSpacing", g.column_spacing);
  s.w.field("rowSpacing", g.row_spacing);
  s.w.key("attributes");
  s.w.begin_array();
  for (const Entity& entity : g.attributes) {
    const auto* attribute = std::get_if<Indirect<Attribute>>(&entity.geometry);
    if (attribute == nullptr) continue;
    s.w.begin_object();
    s.w.field("tag", (*attribute)->tag);
    s.w.key("value");
    write_attribute_value(s.w, **attribute);
    s.w.end_object();
  }
  s.w.end_array();
  write_plane(s);
}

}  // namespace cad::json
