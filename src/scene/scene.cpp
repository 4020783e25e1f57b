// SPDX-License-Identifier: Apache-2.0
#include "scene/scene.hpp"

#include "scene/emitter.hpp"
#include "scene/listing.hpp"
#include "scene/outliers.hpp"

namespace cad::scene {

using namespace detail;

void draw_layout(const SceneContext& context, const Layout& layout, Sink& sink) {
  const Block* block = find(context.drawing.blocks, layout.block);
  if (block == nullptr) return;
  Emitter emitter(context, layout, sink);
  const std::vector<ListedAt> listed = list(context.options, block->entities);
  const auto& order = emitter.draw_order(layout.block);
  for (std::size_t i = 0; i < block->entities.size() && !emitter.exhausted(); ++i) {
    const std::size_t at = order.empty() ? i : order[i];
    emitter.draw_listed(block->entities[at], listed[at]);
  }
}

namespace {

// The sheet's own viewport says how the sheet is looked at; it is no part of it.
bool counts(const Entity& entity) {
  const auto* viewport = std::get_if<Indirect<Viewport>>(&entity.geometry);
  return viewport == nullptr || (*viewport)->id != 1;
}

struct Measured {
  std::vector<Boxes> entities;
  std::vector<Box2> attributes;
};

std::size_t attributes_of(const Entity& entity) {
  const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry);
  return insert != nullptr ? (*insert)->attributes.size() : 0;
}

// Measures from where `out` ends; stops when the budget is used up.
void measure_on(const SceneContext& context, const Layout& layout, const Block& block,
                BlockBoxCache& cache, Measured& out) {
  BoxSink sink;
  Emitter emitter(context, layout, sink, cache);
  for (std::size_t i = out.entities.size(); i < block.entities.size(); ++i) {
    const Entity& entity = block.entities[i];
    sink.boxes = {};
    emitter.attribute_boxes.clear();
    emitter.draw(entity);
    if (emitter.exhausted()) return;
    emitter.attribute_boxes.resize(attributes_of(entity));
    out.attributes.insert(out.attributes.end(), emitter.attribute_boxes.begin(),
                          emitter.attribute_boxes.end());
    out.entities.push_back(sink.boxes);
  }
}

Measured measure_entities(const SceneContext& context, const Layout& layout, const Block& block) {
  Measured out;
  out.entities.reserve(block.entities.size());
  BlockBoxCache cache;
  measure_on(context, layout, block, cache, out);
  if (out.entities.size() == block.entities.size()) return out;
  // Too much to expand: the rest by the corners of the blocks' own extents.
  cache = {{}, true};
  measure_on(context, layout, block, cache, out);
  return out;
}

}  // namespace

LayoutExtents measure_layout(const SceneContext& context, const Layout& layout) {
  LayoutExtents out;
  const Block* block = find(context.drawing.blocks, layout.block);
  if (block == nullptr) return out;
  Measured all = measure_entities(context, layout, *block);
  const std::vector<Boxes>& measured = all.entities;
  out.attributes = std::move(all.attributes);
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
