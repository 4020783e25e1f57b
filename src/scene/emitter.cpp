// SPDX-License-Identifier: Apache-2.0
#include "scene/emitter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scene/families.hpp"
#include "scene/linetypes.hpp"

namespace cad::scene::detail {
namespace {

// Their parts have layers of their own: a layer that is off hides only what lies on it.
bool has_parts(const Entity& entity) {
  if (const auto* unknown = std::get_if<Indirect<Unknown>>(&entity.geometry))
    return !(*unknown)->graphics.empty();
  return std::holds_alternative<Indirect<Insert>>(entity.geometry) ||
         std::holds_alternative<Indirect<Dimension>>(entity.geometry) ||
         std::holds_alternative<Indirect<Table>>(entity.geometry) ||
         std::holds_alternative<Indirect<Viewport>>(entity.geometry);
}

}  // namespace

Emitter::Emitter(const SceneContext& c, const Layout& l, Sink& s)
    : context(c),
      layout(l),
      sink(&s),
      layers(c.drawing, c.options.background, c.options.only_layers),
      active_blocks(c.drawing.blocks.size()),
      budget_(budget_of(c.drawing, c.limits)),
      paper_(!l.is_model) {
  frame.by_block = {layers.zero(), foreground(c.options.background), 25, {}};
  const double scale = c.drawing.header.ltscale;
  frame.dash_scale = scale > 0 && std::isfinite(scale) ? scale : 1;
}

Emitter::Emitter(const SceneContext& c, const Layout& l, BoxSink& b, BlockBoxCache& known)
    : Emitter(c, l, static_cast<Sink&>(b)) {
  boxes = &b;
  cache = &known;
  budget_.units /= 4;  // beyond it there is a cheaper way to measure
}

void Emitter::begin(std::uint32_t index, Handle handle) {
  ref_ = {index, handle, {}};
  announced_ = false;
}

void Emitter::draw_listed(const Entity& entity, const ListedAt& at) {
  begin(at.index, entity.handle);
  listed_entity_ = &entity;
  listed_at_ = at;
  draw(entity);
}

void Emitter::draw(const Entity& entity) {
  if (!spend()) return;
  with_look(entity, [&] {
    std::visit([&](const auto& geometry) { detail::draw(*this, geometry, entity); },
               entity.geometry);
  });
}

bool Emitter::enter(const Entity& entity, bool& was_hidden) {
  const bool takes_insert_layer = frame.in_block && entity.layer == layers.zero();
  const LayerId layer = takes_insert_layer ? frame.by_block.layer : entity.layer;
  const LayerLook& of_layer = layers.at(layer);
  const bool is_viewport = std::holds_alternative<Indirect<Viewport>>(entity.geometry);
  const bool shows =
      entity.visible && (!of_layer.frozen || is_viewport) && (!of_layer.off || has_parts(entity));
  if (!shows && !measuring()) return false;
  was_hidden = frame.hidden;
  if (measuring()) boxes->hidden = frame.hidden = was_hidden || !shows;
  resolve_look(entity, layer);
  if (!measuring() && (!announced_ || ref_.layer != layer)) {
    ref_.layer = layer;
    announced_ = true;
    sink->begin_entity(ref_);
  }
  return true;
}

void Emitter::resolve_look(const Entity& entity, LayerId layer) {
  const LayerLook& of_layer = layers.at(layer);
  look.layer = layer;
  switch (entity.color.kind) {
    case Color::Kind::by_layer: look.color = of_layer.color; break;
    case Color::Kind::by_block: look.color = frame.by_block.color; break;
    case Color::Kind::index:
    case Color::Kind::rgb:
      look.color = plain_color(entity.color, context.options.background);
      break;
  }
  switch (entity.transparency.kind) {
    case Transparency::Kind::by_layer: look.color.a = of_layer.color.a; break;
    case Transparency::Kind::by_block: look.color.a = frame.by_block.color.a; break;
    case Transparency::Kind::value: look.color.a = entity.transparency.alpha; break;
  }
  look.lineweight = entity.lineweight == kLineweightByLayer   ? of_layer.lineweight
                    : entity.lineweight == kLineweightByBlock ? frame.by_block.lineweight
                                                              : plain_lineweight(entity.lineweight);
  look.linetype = entity.linetype == kByLayerLinetype ? of_layer.linetype
                  : entity.linetype == kByBlockLinetype
                      ? frame.by_block.linetype
                      : plain_linetype(drawing(), entity.linetype);
  look.dash_scale = frame.dash_scale * static_cast<double>(entity.linetype_scale);
  // Model space shows lineweights only where the drawing turns them on; paper always does.
  const bool weights = paper_ || drawing().header.lineweight_display;
  look.pen = {look.color, weights ? static_cast<float>(look.lineweight) / 100 : 0, 0};
}

Rgba Emitter::resolve(const Color& color) const {
  Rgba out = color.kind == Color::Kind::by_layer   ? layers.at(look.layer).color
             : color.kind == Color::Kind::by_block ? look.color
                                                   : plain_color(color, context.options.background);
  out.a = look.color.a;
  return out;
}

bool Emitter::is_culled(const Path& drawn) const {
  if (!cull) return false;
  const Box2 box = extents(drawn);
  return box.empty() || box.max_x < cull->min_x || box.min_x > cull->max_x ||
         box.max_y < cull->min_y || box.min_y > cull->max_y;
}

void Emitter::stroke(Path& drawn, bool whole) {
  if (drawn.empty() || is_culled(drawn)) return;
  const Linetype* linetype = find(drawing().linetypes, look.linetype);
  if (linetype == nullptr || !sink->wants_detail()) return stroke_plain(drawn);
  const Limits& limits = context.limits;
  dashed_.clear();
  std::vector<LinetypeMark> marks;
  const auto most = std::min<std::uint64_t>(limits.max_dashes, detail_left());
  if (most == 0) return stroke_plain(drawn);
  std::size_t pieces = 0;
  const auto dashes = dash(drawn, *linetype, look.dash_scale, whole, static_cast<std::size_t>(most),
                           dashed_, marks, pieces);
  if (!spend(pieces / 16)) return;  // flattening is work, whether or not dashes came of it
  spend_detail(dashed_.verbs.size() / 2);
  if (detail_left() == 0) warn_of_lost_detail();
  if (!dashes) return stroke_plain(drawn);
  stroke_plain(dashed_);
  if (!marks.empty()) draw_marks(*this, *linetype, marks);
}

void Emitter::stroke_plain(const Path& drawn) { stroke_plain(drawn, look.pen); }

void Emitter::stroke_plain(const Path& drawn, const Pen& pen) {
  if (drawn.empty() || !spend() || !spend_repeated(drawn.verbs.size() / 8)) return;
  Pen shown = pen;
  shown.color = ink(pen.color);
  sink->stroke(drawn, shown);
}

// Lines and texts in the very color of the background (a true color white on white) would be lost;
// they show like ACI 7. Fills keep it: they are meant to cover.
Rgba Emitter::ink(Rgba color) const {
  const Rgb paper = context.options.background;
  if (Rgb{color.r, color.g, color.b} != paper) return color;
  Rgba shown = foreground(paper);
  shown.a = color.a;
  return shown;
}

void Emitter::fill(const Path& drawn, FillRule rule, Rgba color) {
  fill(drawn, rule, Brush{color, nullptr});
}

void Emitter::fill(const Path& drawn, FillRule rule, const Brush& brush) {
  if (drawn.empty() || is_culled(drawn) || !spend()) return;
  if (!spend_repeated(drawn.verbs.size() / 8)) return;
  sink->fill(drawn, rule, brush);
}

void Emitter::glyphs(const GlyphRun& run) {
  if (run.glyphs.empty() || !spend() || !spend_glyphs(run.glyphs.size())) return;
  if (!spend_repeated(2 * run.glyphs.size())) return;  // they were shaped and placed, too
  const Rgba shown = ink(run.color);
  if (shown == run.color) return sink->glyphs(run);
  GlyphRun copy = run;
  copy.color = shown;
  sink->glyphs(copy);
}

bool Emitter::spend(std::uint64_t units) {
  if (cache != nullptr && cache->corners_only) return true;  // bounded by the blocks' own size then
  spent_ += units;
  if (spent_ <= budget_.units) return true;
  if (!exhausted_) {
    exhausted_ = true;
    context.diagnostics.warn(
        "SCENE_LIMIT", layout.name,
        measuring() ? "Blocks are nested so often that extents of inserts were taken from the "
                      "corners of their blocks' extents."
                    : "The sheet has more to draw than the limit allows; the rest is left out.");
  }
  return false;
}

void Emitter::warn_of_lost_detail() {
  context.diagnostics.warn("DETAIL_LIMIT", layout.name,
                           "The sheet has more dashes and pattern lines than the limit allows; "
                           "further lines are drawn continuous, patterns as a tint.");
}

bool Emitter::spend_glyphs(std::uint64_t count) {
  glyphs_spent_ += count;
  if (glyphs_spent_ <= context.limits.max_glyphs) return true;
  context.diagnostics.warn("GLYPH_LIMIT", layout.name,
                           "The sheet has more text than the limit allows; the rest is left out.");
  return false;
}

void Emitter::warn(std::string_view code, std::string_view subject, std::string_view message) {
  // A sheet is measured once and drawn once: only one of the passes speaks.
  if (measuring()) context.diagnostics.warn(code, subject, message);
}

const Box2& Emitter::window() {
  if (window_) return *window_;
  window_ = Box2{};
  Diagnostics said_before(0);  // by the pass that measures
  const SceneContext quiet{context.drawing, context.fonts, context.limits, said_before,
                           context.options};
  const Box2 seen = measure_layout(quiet, layout).visible;
  if (!seen.empty()) window_ = seen;
  return *window_;
}

const std::vector<std::uint32_t>& Emitter::draw_order(BlockId id) {
  const auto [found, is_new] = orders_.try_emplace(id.index);
  std::vector<std::uint32_t>& order = found->second;
  const Block* block = find(drawing().blocks, id);
  if (!is_new || block == nullptr || block->draw_order.empty()) return order;
  std::unordered_map<Handle, Handle> sort_handle;
  for (const auto& [sort, entity] : block->draw_order) sort_handle[entity] = sort;
  // Entities without an entry sort by their own handle; without a handle they stay after the one
  // they follow.
  std::vector<Handle> keys;
  keys.reserve(block->entities.size());
  for (const Entity& entity : block->entities) {
    const auto it = sort_handle.find(entity.handle);
    const Handle own = it != sort_handle.end() ? it->second : entity.handle;
    keys.push_back(own != 0 || keys.empty() ? own : keys.back());
  }
  order.resize(block->entities.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
  return order;
}

}  // namespace cad::scene::detail
