// SPDX-License-Identifier: Apache-2.0
// The state of one pass over a layout: where we are (coordinate system, inherited properties, what
// is hidden), what the current entity looks like, and what budgets are left. The families' draw()
// functions write through it; it is the only one that talks to the sink.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "geom/path.hpp"
#include "geom/projection.hpp"
#include "scene/block_boxes.hpp"
#include "scene/box_sink.hpp"
#include "scene/budget.hpp"
#include "scene/colors.hpp"
#include "scene/listing.hpp"
#include "scene/scene.hpp"

namespace cad::scene::detail {

// What BYBLOCK and layer 0 mean inside the block being drawn.
struct Inherited {
  LayerId layer;
  Rgba color;
  std::int16_t lineweight = 25;
  LinetypeId linetype;  // none = continuous
};

struct Frame {
  Projection view;  // the coordinates of the entities at hand -> the sheet
  Inherited by_block;
  double dash_scale = 1;  // sheet units per linetype unit, $LTSCALE and insert scales included
  std::size_t depth = 0;
  bool in_block = false;
  bool in_dimension = false;
  bool hidden = false;  // measuring only: inside something that is not shown
};

// The resolved properties of the current entity.
struct Look {
  LayerId layer;
  Rgba color;
  Pen pen;
  std::int16_t lineweight = 25;
  LinetypeId linetype;  // none = continuous
  double dash_scale = 1;
};

class Emitter {
 public:
  Emitter(const SceneContext& context, const Layout& layout, Sink& sink);
  // Measures instead of drawing: hidden things are visited, too, and inserts come from `cache`.
  Emitter(const SceneContext& context, const Layout& layout, BoxSink& boxes, BlockBoxCache& cache);

  const Drawing& drawing() const { return context.drawing; }
  bool measuring() const { return boxes != nullptr; }

  // Draws an entity given in the frame's coordinates, if it shows.
  void draw(const Entity& entity);
  // Calls `body` with the look of an entity with these properties, if that shows.
  template <class Body>
  void with_look(const Entity& style, Body body) {
    bool was_hidden = false;
    if (!enter(style, was_hidden)) return;
    body();
    if (measuring()) boxes->hidden = frame.hidden = was_hidden;
  }
  // Starts a top-level entity, or an ATTRIB of one: what follows belongs to it, whatever its depth.
  void begin(std::uint32_t index, Handle handle);
  // Draws a top-level entity.
  void draw_listed(const Entity& entity, const ListedAt& at);
  // Where the ATTRIBs of this INSERT are listed, if it is what was begun.
  const ListedAt* listed(const Entity& insert) const {
    return &insert == listed_entity_ ? &listed_at_ : nullptr;
  }
  // The entities of a block in drawing order (SORTENTS), as indices; empty = as stored.
  const std::vector<std::uint32_t>& draw_order(BlockId block);

  // Primitives. `path` is in sheet coordinates and may be changed by the call.
  void stroke(Path& path, bool whole = true);  // with the linetype; whole: through all vertices
  void stroke_plain(const Path& path);
  void stroke_plain(const Path& path, const Pen& pen);
  void fill(const Path& path, FillRule rule, Rgba color);
  void fill(const Path& path, FillRule rule, const Brush& brush);
  void glyphs(const GlyphRun& run);

  Rgba resolve(const Color& color) const;  // with the look's layer and alpha
  Rgba ink(Rgba color) const;
  // Replaces color and lineweight of the look (elements of mlines, leaders ...).
  void set_color(const Color& color) { look.color = resolve(color); }
  const LayerLook& layer_look(LayerId layer) const { return layers.at(layer); }
  Inherited inheritance() const { return {look.layer, look.color, look.lineweight, look.linetype}; }

  // One unit of work. False when the sheet's budget is used up (said once in the diagnostics).
  bool spend(std::uint64_t units = 1);
  bool exhausted() const { return exhausted_ || sink->full(); }
  std::uint64_t left() const { return budget_.units - spent_; }
  // For what is not only stored, but shown again and again: in blocks and viewports.
  bool spend_repeated(std::uint64_t units) {
    return !(frame.in_block || cull) || units == 0 || spend(units);
  }
  bool spend_glyphs(std::uint64_t count);
  bool out_of_glyphs() const { return glyphs_spent_ > context.limits.max_glyphs; }
  // Dashes and pattern lines; none left: lines are drawn continuous, patterns as a tint.
  std::uint64_t detail_left() const { return budget_.detail; }
  void spend_detail(std::uint64_t count) { budget_.detail -= std::min(count, budget_.detail); }
  void warn_of_lost_detail();
  void warn(std::string_view code, std::string_view subject, std::string_view message);

  // The part of the sheet that is looked at: bounds infinite lines, sizes relative points.
  const Box2& window();
  // Returns the one before, to be put back.
  std::optional<Box2> exchange_window(std::optional<Box2> window) {
    return std::exchange(window_, window);
  }

  const SceneContext& context;
  const Layout& layout;
  Sink* sink;
  BoxSink* boxes = nullptr;
  BlockBoxCache* cache = nullptr;
  LayerLooks layers;
  Frame frame;
  Look look;
  Path path;  // scratch of the family that is drawing; cleared by its user
  std::vector<std::uint8_t> active_blocks;  // guards against blocks that contain themselves
  std::optional<Box2> cull;                 // inside viewports: what lies outside is not emitted
  std::vector<Box2> attribute_boxes;        // measuring: of the sheet's own INSERTs' ATTRIBs

 private:
  bool enter(const Entity& entity, bool& was_hidden);
  void resolve_look(const Entity& entity, LayerId layer);
  bool is_culled(const Path& drawn) const;

  EntityRef ref_;
  bool announced_ = false;
  const Entity* listed_entity_ = nullptr;
  ListedAt listed_at_;
  Budget budget_;
  std::uint64_t spent_ = 0, glyphs_spent_ = 0;
  bool exhausted_ = false;
  bool paper_ = false;
  std::optional<Box2> window_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> orders_;
  Path dashed_;
};

// A checked look-up: damage elsewhere never becomes a wild index here.
template <class T, class Tag>
const T* find(const std::vector<T>& records, Id<Tag> id) {
  return id.index < records.size() ? &records[id.index] : nullptr;
}

}  // namespace cad::scene::detail
