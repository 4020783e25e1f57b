// SPDX-License-Identifier: Apache-2.0
#include "scene/colors.hpp"

#include <algorithm>

#include "model/aci.hpp"

namespace cad::scene::detail {

Rgba foreground(Rgb background) {
  // Perceived brightness (ITU-R BT.601 weights), in thousandths of a full scale of 255.
  const int brightness = 299 * background.r + 587 * background.g + 114 * background.b;
  const std::uint8_t value = brightness > 127'500 ? 0 : 255;
  return {value, value, value, 255};
}

Rgba plain_color(const Color& color, Rgb background) {
  if (color.kind == Color::Kind::rgb) return {color.rgb.r, color.rgb.g, color.rgb.b, 255};
  if (color.kind != Color::Kind::index || color.index == 7 || color.index == 0)
    return foreground(background);
  const Rgb rgb = rgb_of_aci(color.index);
  return {rgb.r, rgb.g, rgb.b, 255};
}

std::int16_t plain_lineweight(std::int16_t value) {
  return value < 0 ? std::int16_t{25} : std::min<std::int16_t>(value, 2000);
}

LinetypeId plain_linetype(const Drawing& drawing, LinetypeId id) {
  if (id.index >= drawing.linetypes.size() || drawing.linetypes[id.index].elements.empty())
    return {};
  return id;
}

LayerLooks::LayerLooks(const Drawing& drawing, Rgb background, std::span<const LayerId> only) {
  unknown_.color = foreground(background);
  looks_.reserve(drawing.layers.size());
  for (std::uint32_t i = 0; i < drawing.layers.size(); ++i) {
    const Layer& layer = drawing.layers[i];
    LayerLook look;
    look.color = plain_color(layer.color, background);
    look.color.a = layer.alpha;
    look.lineweight = plain_lineweight(layer.lineweight);
    look.linetype = plain_linetype(drawing, layer.linetype);
    look.off = layer.off;
    look.frozen = layer.frozen;
    if (!only.empty()) {
      look.off = std::find(only.begin(), only.end(), LayerId{i}) == only.end();
      look.frozen = false;
    }
    looks_.push_back(look);
    if (layer.name == "0" && !zero_.valid()) zero_ = {i};
  }
}

}  // namespace cad::scene::detail
