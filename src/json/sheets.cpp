// SPDX-License-Identifier: Apache-2.0
#include "json/color.hpp"
#include "json/document.hpp"
#include "model/aci.hpp"

namespace cad::json {
namespace {

bool is_model(const DocumentContext& c, std::size_t number) {
  return c.drawing.layouts[c.facts.sheets[number].layout].is_model;
}

void write_layer(Writer& w, const Drawing& drawing, const Layer& layer, std::uint64_t entities) {
  w.begin_object();
  w.field("name", layer.name);
  w.count("color", layer.color.index);
  w.key("colorHex");
  write_hex_color(
      w, layer.color.kind == Color::Kind::rgb ? layer.color.rgb : rgb_of_aci(layer.color.index));
  w.key("lineType");
  if (layer.linetype.index < drawing.linetypes.size())
    w.text(drawing.at(layer.linetype).name);
  else
    w.plain_text("Continuous");
  w.key("lineweight");
  w.integer(layer.lineweight);
  w.flag("isVisible", layer.visible());
  w.count("entityCount", entities);
  w.end_object();
}

}  // namespace

// Model space lists every layer of the drawing, so that none is lost; a paper sheet those it uses.
std::size_t count_sheet_layers(const DocumentContext& c, std::size_t number) {
  return is_model(c, number) ? c.drawing.layers.size() : c.tally.sheets[number].layers.size();
}

void write_sheet_layers(Writer& w, const DocumentContext& c, std::size_t number) {
  const auto& used = c.tally.sheets[number].layers;
  const auto& layers = c.drawing.layers;
  w.begin_array();
  if (is_model(c, number)) {
    auto next = used.begin();
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      const bool counted = next != used.end() && next->layer == i;
      write_layer(w, c.drawing, layers[i], counted ? (next++)->entities : 0);
    }
  } else {
    for (const auto& row : used) write_layer(w, c.drawing, layers[row.layer], row.entities);
  }
  w.end_array();
}

void write_sheet_extent(Writer& w, const Box2& box) {
  w.key("boundingBox");
  write_bounding_box(w, box);
  w.key("area");
  w.rounded(box.empty() ? NAN : box.width() * box.height());
  w.key("perimeter");
  w.rounded(box.empty() ? NAN : 2 * (box.width() + box.height()));
}

}  // namespace cad::json
