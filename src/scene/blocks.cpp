// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

// Exact for quarter turns, so that upright blocks stay upright.
Vec2 unit_at(double degrees) {
  const double turned = std::fmod(degrees, 360);
  if (turned == 0) return {1, 0};
  if (turned == 90 || turned == -270) return {0, 1};
  if (turned == 180 || turned == -180) return {-1, 0};
  if (turned == 270 || turned == -90) return {0, -1};
  return {std::cos(turned * kDegree), std::sin(turned * kDegree)};
}

// Block coordinates -> those around the insert, for the cell at `cell` (columns, rows).
Placement placement_of(const Insert& insert, const Ocs& ocs, Vec3 base, Vec2 cell) {
  const Vec2 d = unit_at(insert.rotation_deg);
  const Vec3 along = ocs.x * d.x + ocs.y * d.y, across = ocs.y * d.x - ocs.x * d.y;
  Placement out;
  out.x = along * insert.scale.x;
  out.y = across * insert.scale.y;
  out.z = ocs.z * insert.scale.z;
  out.origin = ocs.to_wcs(insert.position) + along * (cell.x * insert.column_spacing) +
               across * (cell.y * insert.row_spacing);
  out.origin = out.origin - out.direction(base);
  return out;
}

struct Guard {  // what draw_block() changes and puts back
  explicit Guard(Emitter& e) : emitter(e), frame(e.frame), look(e.look) {}
  ~Guard() {
    emitter.frame = frame;
    emitter.look = look;
    if (emitter.measuring()) emitter.boxes->hidden = frame.hidden;
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  Emitter& emitter;
  Frame frame;
  Look look;
};

void draw_entities(Emitter& out, BlockId id, const Block& block) {
  out.active_blocks[id.index] = 1;
  const auto& order = out.draw_order(id);
  for (std::size_t i = 0; i < block.entities.size() && !out.exhausted(); ++i)
    out.draw(block.entities[order.empty() ? i : order[i]]);
  out.active_blocks[id.index] = 0;
}

// The block's extents under the linear part of the frame's view.
Boxes measure_block(Emitter& out, BlockId id, const Block& block) {
  const LayerLook& inherited = out.layer_look(out.frame.by_block.layer);
  const std::uint32_t state = (inherited.off ? 1u : 0u) | (inherited.frozen ? 2u : 0u);
  out.frame.view.offset = {};
  const BlockBoxKey key = make_key(id.index, state, out.frame.view);
  if (const auto it = out.cache->known.find(key); it != out.cache->known.end()) return it->second;
  BoxSink* const outer = out.boxes;
  BoxSink inner;
  out.boxes = &inner;
  out.sink = &inner;
  out.frame.hidden = false;
  draw_entities(out, id, block);
  out.boxes = outer;
  out.sink = outer;
  if (!out.exhausted()) out.cache->known.emplace(key, inner.boxes);
  return inner.boxes;
}

Boxes block_boxes(Emitter& out, BlockId id, const Block& block, const Projection& view) {
  if (!out.cache->corners_only) {
    Boxes found = measure_block(out, id, block);
    const auto shift = [&](Box2& box) {
      if (box.empty()) return;
      const Vec2 t = view.offset;
      box = {box.min_x + t.x, box.min_y + t.y, box.max_x + t.x, box.max_y + t.y};
    };
    shift(found.all);
    shift(found.visible);
    return found;
  }
  out.frame.view = {};
  const Boxes own = measure_block(out, id, block);
  return {map_corners(own.all, view), map_corners(own.visible, view)};
}

// Each ATTRIB's own box; the INSERT's holds those that show.
void measure_attribute(Emitter& out, const Entity& entity) {
  const Boxes outer = std::exchange(out.boxes->boxes, {});
  out.draw(entity);
  const Boxes own = std::exchange(out.boxes->boxes, outer);
  if (out.frame.depth == 0) out.attribute_boxes.push_back(own.all);
  const auto* attribute = std::get_if<Indirect<Attribute>>(&entity.geometry);
  if (attribute == nullptr || !(*attribute)->invisible()) out.boxes->add(own);
}

// `shift`: from the insert's first cell to the one at hand; boxes of their own are the first
// cell's. `listed`: each is an entity by itself, in the result as in the scene.
void draw_attributes(Emitter& out, const Insert& insert, const ListedAt* listed, Vec3 shift) {
  const Guard guard(out);
  const bool first = shift == Vec3{};
  if (!first) {
    Placement cell;
    cell.origin = shift;
    out.frame.view = out.frame.view * cell;
  }
  out.frame.by_block = out.inheritance();
  out.frame.in_block =
      true;  // on layer 0 they take the insert's layer, as the block's content does
  std::uint32_t place = listed != nullptr ? listed->attributes : 0;
  for (const Entity& attribute : insert.attributes) {
    if (listed != nullptr)
      out.begin(is_listed(out.context.options, attribute) ? place++ : EntityRef::kUnlisted,
                attribute.handle);
    const auto* a = std::get_if<Indirect<Attribute>>(&attribute.geometry);
    if (out.measuring() && first)
      measure_attribute(out, attribute);
    else if (!out.measuring() || a == nullptr || !(*a)->invisible())
      out.draw(attribute);
  }
}

// Steps through the rows and columns of an array so that at most so many cells are drawn: one that
// has more is too dense for them to be told apart.
struct ArraySteps {
  std::uint32_t column = 1, row = 1;
};

ArraySteps steps_of(std::uint32_t columns, std::uint32_t rows, double most) {
  ArraySteps steps;
  const double excess = static_cast<double>(columns) * static_cast<double>(rows) / most;
  if (!(excess > 1)) return steps;
  const auto bounded = [](double step, std::uint32_t count) {
    return static_cast<std::uint32_t>(std::clamp(std::ceil(step), 1.0, static_cast<double>(count)));
  };
  steps.column = bounded(std::sqrt(excess), columns);
  steps.row = bounded(excess / steps.column, rows);
  steps.column = bounded(excess / steps.row, columns);
  return steps;
}

}  // namespace

bool draw_block(Emitter& out, BlockId id, const Placement& placement) {
  const Block* block = find(out.drawing().blocks, id);
  if (block == nullptr || block->entities.empty()) return false;
  if (out.active_blocks[id.index] != 0) {
    out.warn("BLOCK_CYCLE", block->name, "The block contains itself; the inner one is not drawn.");
    return false;
  }
  if (out.frame.depth >= out.context.limits.max_block_depth) {
    out.warn("BLOCK_DEPTH", block->name,
             "Blocks are nested too deeply; the innermost are not drawn.");
    return false;
  }
  if (!out.spend()) return false;
  const Guard guard(out);
  const Projection view = out.frame.view * placement;
  out.frame.view = view;
  out.frame.by_block = out.inheritance();
  out.frame.in_block = true;
  ++out.frame.depth;
  const double scale = std::sqrt(length(placement.x) * length(placement.y));
  if (scale > 0 && std::isfinite(scale)) out.frame.dash_scale *= scale;
  if (!out.measuring()) {
    draw_entities(out, id, *block);
    return true;
  }
  const bool hidden = out.frame.hidden;
  const Boxes boxes = block_boxes(out, id, *block, view);
  out.boxes->hidden = hidden;
  out.boxes->add(boxes);
  return true;
}

void draw(Emitter& out, const Indirect<Insert>& insert, const Entity& entity) {
  const Block* block = find(out.drawing().blocks, insert->block);
  const Ocs ocs(entity.normal);
  const Vec3 first = placement_of(*insert, ocs, {}, {}).origin;
  const std::uint32_t columns = std::max(insert->columns, 1u), rows = std::max(insert->rows, 1u);
  const ListedAt* listed = columns == 1 && rows == 1 ? out.listed(entity) : nullptr;
  ArraySteps steps =
      steps_of(columns, rows, static_cast<double>(out.context.limits.max_array_cells));
  if (steps.column > 1 || steps.row > 1)
    out.warn("ARRAY_THINNED", block != nullptr ? std::string_view(block->name) : "INSERT",
             "An array of inserts has more cells than the limit allows; only some of its rows and "
             "columns are drawn.");
  // The cells at the corners have the extents of all.
  if (out.measuring()) steps = {std::max(columns - 1, 1u), std::max(rows - 1, 1u)};
  for (std::uint64_t row = 0; row < rows; row += steps.row)
    for (std::uint64_t column = 0; column < columns; column += steps.column) {
      if (out.exhausted() || !out.spend()) return;
      const Vec2 cell{static_cast<double>(column), static_cast<double>(row)};
      if (block != nullptr)
        draw_block(out, insert->block, placement_of(*insert, ocs, block->base_point, cell));
      if (!insert->attributes.empty())
        draw_attributes(out, *insert, listed, placement_of(*insert, ocs, {}, cell).origin - first);
      else if (block == nullptr)
        return;
    }
}

void draw(Emitter& out, const Indirect<Table>& table, const Entity& entity) {
  const Block* block = find(out.drawing().blocks, table->block);
  if (block != nullptr && !block->entities.empty()) {
    Placement placement;
    const Vec3 normal = Ocs(entity.normal).z;
    if (const double size = length(table->x_direction); size > 1e-12) {
      placement.x = table->x_direction * (1 / size);
      placement.y = cross(normal, placement.x);
      placement.z = normal;
    }
    placement.origin = table->position - placement.direction(block->base_point);
    if (draw_block(out, table->block, placement)) return;
  }
  // Without its block: the grid, from the stored heights and widths.
  double width = 0, height = 0;
  for (const double w : table->column_widths) width += w;
  for (const double h : table->row_heights) height += h;
  out.path.clear();
  const Projection& view = out.frame.view;
  const auto line = [&](Vec3 a, Vec3 b) {
    out.path.move_to(view(table->position + a));
    out.path.line_to(view(table->position + b));
  };
  double x = 0, y = 0;
  line({0, 0, 0}, {0, -height, 0});
  for (const double w : table->column_widths) x += w, line({x, 0, 0}, {x, -height, 0});
  line({0, 0, 0}, {width, 0, 0});
  for (const double h : table->row_heights) y -= h, line({0, y, 0}, {width, y, 0});
  out.stroke_plain(out.path);
}

}  // namespace cad::scene::detail
