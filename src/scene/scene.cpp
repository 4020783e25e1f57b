// SPDX-License-Identifier: Apache-2.0
#include "scene/scene.hpp"

#include "scene/emitter.hpp"
#include "scene/outliers.hpp"

namespace cad::scene {

using namespace detail;

void draw_layout(const SceneContext& context, const Layout& layout, Sink& sink) {
  const Block* block = find(context.drawing.blocks, layout.block);
  if (block == nullptr) return;
  Emitter emitter(context, layout, sink);
  const auto& order = emitter.draw_order(layout.block);
  for (std::size_t i = 0; i < block->entities.size() && !emitter.exhausted(); ++i) {
    const std::size_t index = order.empty() ? i : order[i];
    emitter.begin(static_cast<std::uint32_t>(index), block->entities[index].handle);
    emitter.draw(block->entities[index]);
  }
}

namespace {

// The sheet's own viewport says how the sheet is looked at; it is no part of it.
bool counts(const Entity& entity) {
  const auto* viewport = std::get_if<Indirect<Viewport>>(&entity.geometry);
  return viewport == nullptr || (*viewport)->id != 1;
}

std::vector<Boxes> measure_entities(const SceneContext& context, const Layout& layout,
                                    const Block& block) {
  std::vector<Boxes> out;
  out.reserve(block.entities.size());
  BlockBoxCache cache;
  BoxSink sink;
  {
    Emitter emitter(context, layout, sink, cache);
    for (const Entity& entity : block.entities) {
      sink.boxes = {};
      emitter.draw(entity);
      if (emitter.exhausted()) break;
      out.push_back(sink.boxes);
    }
  }
  if (out.size() == block.entities.size()) return out;
  // Too much to expand: the rest by the corners of the blocks' own extents.
  cache = {{}, true};
  Emitter emitter(context, layout, sink, cache);
  for (std::size_t i = out.size(); i < block.entities.size(); ++i) {
    sink.boxes = {};
    emitter.draw(block.entities[i]);
    out.push_back(sink.boxes);
  }
  return out;
}

}  // namespace

LayoutExtents measure_layout(const SceneContext& context, const Layout& layout) {
  LayoutExtents out;
  const Block* block = find(context.drawing.blocks, layout.block);
  if (block == nullptr) return out;
  const std::vector<Boxes> measured = measure_entities(context, layout, *block);
  std::vector<Box2> shown(measured.size());
  out.entities.reserve(measured.size());
  for (std::size_t i = 0; i < measured.size(); ++i) {
    out.entities.push_back(measured[i].all);
    if (!counts(block->entities[i])) continue;
    out.all.add(measured[i].all);
    shown[i] = measured[i].visible;
  }
  const std::vector<std::size_t> astray = find_outliers(shown);
  for (const std::size_t i : astray) shown[i] = {};
  for (const Box2& box : shown) out.visible.add(box);
  if (!astray.empty())
    context.diagnostics.warn(
        "OUTLIER", layout.name,
        "Entities lie so far from all others that the drawing would shrink to a dot; they are left "
        "out of the bounding box.",
        {}, astray.size());
  return out;
}

}  // namespace cad::scene
