// SPDX-License-Identifier: Apache-2.0
// Colors and the other properties that entities inherit from layers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/drawing.hpp"
#include "scene/sink.hpp"

namespace cad::scene::detail {

// Black or white, whichever shows on the background: what ACI 7 means.
Rgba foreground(Rgb background);

// An index or true color; by_layer and by_block count as ACI 7 here (their callers know better).
Rgba plain_color(const Color& color, Rgb background);

struct LayerLook {
  Rgba color;
  std::int16_t lineweight = 25;
  LinetypeId linetype;  // none = continuous
  bool off = false, frozen = false;
};

// The layers of a drawing, resolved once for a pass.
class LayerLooks {
 public:
  LayerLooks(const Drawing& drawing, Rgb background, std::span<const LayerId> only);
  const LayerLook& at(LayerId layer) const {
    return layer.index < looks_.size() ? looks_[layer.index] : unknown_;
  }
  LayerId zero() const { return zero_; }
  void freeze(LayerId layer) {
    if (layer.index < looks_.size()) looks_[layer.index].frozen = true;
  }

 private:
  std::vector<LayerLook> looks_;
  LayerLook unknown_;
  LayerId zero_;  // layer "0": takes the insert's layer inside blocks
};

// Lineweight values that say "default" are 0.25 mm.
std::int16_t plain_lineweight(std::int16_t value);

// The linetype's record when it has a pattern, else none.
LinetypeId plain_linetype(const Drawing& drawing, LinetypeId id);

}  // namespace cad::scene::detail
