// SPDX-License-Identifier: Apache-2.0
// Drawing -> primitives. One renderer's truth: colors resolved (ACI, true color, BYLAYER, BYBLOCK),
// linetypes dashed, hatches filled, text shaped, inserts expanded, viewports mapped and clipped.
#pragma once

#include <cstdint>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/limits.hpp"
#include "model/drawing.hpp"
#include "scene/sink.hpp"

namespace cad::text {
class FontLibrary;
}

namespace cad::scene {

struct SceneOptions {
  Rgb background{255, 255, 255};
  // Layers shown whatever their state; empty = by state. For `--layers A,B` only these are drawn.
  std::vector<LayerId> only_layers;
};

// EntityRef::index counts the result's entities[]: the layout's block as stored, each ATTRIB one of
// its own right behind its INSERT, without those that `only_layers` leaves out (kUnlisted, where
// something of them is drawn all the same). An array's ATTRIBs are drawn as parts of their INSERT.
// Drawing order (SORTENTS, wipeouts) is applied by the scene itself.
struct SceneContext {
  const Drawing& drawing;
  text::FontLibrary& fonts;
  const Limits& limits;
  Diagnostics& diagnostics;
  SceneOptions options;
};

// Draws one layout (model space or paper space, viewports included) into the sink.
void draw_layout(const SceneContext& context, const Layout& layout, Sink& sink);

// What the result says of each entity of a layout. bbox is of what the entity draws, hidden layers
// included (an entity has extents whether or not it is shown); empty = cannot be known.
struct LayoutExtents {
  std::vector<Box2> entities;    // same order and size as the block's entities
  std::vector<Box2> attributes;  // of every INSERT's ATTRIBs, in order, insert by insert
  Box2 visible;                  // of what is drawn: visible layers, visible entities, no outliers
  Box2 all;                      // of every entity
};
LayoutExtents measure_layout(const SceneContext& context, const Layout& layout);

}  // namespace cad::scene
