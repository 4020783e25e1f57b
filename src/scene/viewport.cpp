// SPDX-License-Identifier: Apache-2.0
// Viewports of paper space: model space through a projection, clipped to the frame.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "geom/arcs.hpp"
#include "geom/nurbs.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr std::uint32_t kPerspective = 1, kNonRectangular = 0x10000, kOff = 0x20000;

// World -> paper. The view's axes follow the arbitrary axis algorithm, turned by the twist; the
// view center is given in them, from the target.
Projection projection_of(const Viewport& viewport) {
  const double scale = viewport.height / viewport.view_height;
  const Ocs eye(viewport.view_direction);
  const double twist = viewport.twist_deg * (std::numbers::pi / 180);
  const double c = std::cos(twist), s = std::sin(twist);
  Projection out;
  out.row_x = (eye.x * c - eye.y * s) * scale;
  out.row_y = (eye.x * s + eye.y * c) * scale;
  const Vec2 target = out.direction(viewport.view_target);
  out.offset = viewport.center.xy() - viewport.view_center * scale - target;
  return out;
}

void add_rectangle(Path& path, const Viewport& viewport) {
  const Vec2 c = viewport.center.xy();
  const double w = viewport.width / 2, h = viewport.height / 2;
  path.move_to({c.x - w, c.y - h});
  path.line_to({c.x + w, c.y - h});
  path.line_to({c.x + w, c.y + h});
  path.line_to({c.x - w, c.y + h});
  path.close();
}

void add_boundary(Path& path, const Entity& entity) {
  const Projection paper;
  const Affine plane = paper.plane(Ocs(entity.normal));
  if (const auto* circle = std::get_if<Circle>(&entity.geometry)) {
    add_arc(path, to_arc(*circle), plane, true);
  } else if (const auto* polyline = std::get_if<LwPolyline>(&entity.geometry)) {
    add_polyline(path, polyline->vertices, true, plane);
  } else if (const auto* ellipse = std::get_if<Ellipse>(&entity.geometry)) {
    add_arc(path, to_arc(*ellipse, entity.normal), Affine{}, true);
  } else if (const auto* spline = std::get_if<Indirect<Spline>>(&entity.geometry)) {
    add_beziers(path, to_beziers(**spline), paper);
  } else if (const auto* old = std::get_if<Indirect<Polyline>>(&entity.geometry)) {
    std::vector<LwVertex> vertices;
    for (const PolyVertex& v : (*old)->vertices)
      if ((v.flags & 16) == 0) vertices.push_back({v.position.x, v.position.y, v.bulge, 0, 0});
    add_polyline(path, vertices, true, plane);
  }
  if (!path.empty() && path.verbs.back() != Verb::close) path.close();
}

// The entity of the layout that clips the viewport, when there is one that can.
Path clip_of(const Emitter& out, const Viewport& viewport) {
  Path path;
  const Block* sheet = find(out.drawing().blocks, out.layout.block);
  if (sheet != nullptr && viewport.clip_boundary != 0 && (viewport.flags & kNonRectangular) != 0)
    for (const Entity& entity : sheet->entities)
      if (entity.handle == viewport.clip_boundary) {
        add_boundary(path, entity);
        break;
      }
  if (path.empty()) add_rectangle(path, viewport);
  return path;
}

const Layout* model_of(const Drawing& drawing) {
  for (const Layout& layout : drawing.layouts)
    if (layout.is_model) return &layout;
  return nullptr;
}

void draw_model(Emitter& out, const Viewport& viewport, const Path& clip) {
  const Layout* model = model_of(out.drawing());
  const Block* block = model != nullptr ? find(out.drawing().blocks, model->block) : nullptr;
  if (block == nullptr || out.active_blocks[model->block.index] != 0) return;
  const Frame frame = out.frame;
  const Look look = out.look;
  std::optional<LayerLooks> layers;
  if (!viewport.frozen_layers.empty()) layers = out.layers;
  for (const LayerId layer : viewport.frozen_layers) out.layers.freeze(layer);
  out.frame.view = projection_of(viewport);
  // $PSLTSCALE: patterns keep their size on paper whatever the viewport's scale.
  if (!out.drawing().header.psltscale)
    out.frame.dash_scale *= viewport.height / viewport.view_height;
  out.cull = extents(clip);
  const std::optional<Box2> window = out.exchange_window(out.cull);
  out.active_blocks[model->block.index] = 1;
  out.sink->push_clip(clip);
  const auto& order = out.draw_order(model->block);
  for (std::size_t i = 0; i < block->entities.size() && !out.exhausted(); ++i)
    out.draw(block->entities[order.empty() ? i : order[i]]);
  out.sink->pop_clip();
  out.active_blocks[model->block.index] = 0;
  out.cull.reset();
  out.exchange_window(window);
  if (layers) out.layers = std::move(*layers);
  out.frame = frame;
  out.look = look;
}

}  // namespace

void draw(Emitter& out, const Indirect<Viewport>& viewport, const Entity& entity) {
  const bool has_size = viewport->width > 0 && viewport->height > 0;
  if (!has_size || out.layout.is_model) return;
  Path clip = clip_of(out, *viewport);
  if (out.measuring()) return out.stroke_plain(clip);
  if (viewport->id == 1 || out.frame.in_block) return;  // the sheet's own
  const bool on = viewport->status != 0 && (viewport->flags & kOff) == 0;
  const LayerLook of_layer = out.layer_look(entity.layer);
  if (on && viewport->view_height > 0) {
    if ((viewport->flags & kPerspective) != 0)
      out.context.diagnostics.warn("PERSPECTIVE_VIEW", "VIEWPORT",
                                   "A viewport's perspective view is drawn as a parallel one.");
    draw_model(out, *viewport, clip);
  }
  const Layer* layer = find(out.drawing().layers, entity.layer);
  const bool plots = layer == nullptr || layer->plottable;
  if (plots && !of_layer.off && !of_layer.frozen && !out.exhausted()) out.stroke_plain(clip);
}

}  // namespace cad::scene::detail
