// SPDX-License-Identifier: Apache-2.0
#include "json/entity.hpp"

#include "geom/measure.hpp"
#include "geom/wcs.hpp"
#include "json/extras.hpp"

namespace cad::json {
namespace {

const Hatch* hatch_of(const Entity& entity) {
  const auto* hatch = std::get_if<Indirect<Hatch>>(&entity.geometry);
  return hatch != nullptr ? &**hatch : nullptr;
}

void write_type_and_category(Writer& w, const Entity& entity) {
  w.key("type");
  w.text(result_type(entity));
  w.key("category");
  w.plain_text(to_string(category(entity)));
}

void write_reference(Scope& s, const Entity& entity) {
  BlockId block;
  if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry))
    block = (*insert)->block;
  else if (const auto* dimension = std::get_if<Indirect<Dimension>>(&entity.geometry))
    block = (*dimension)->block;
  if (!block.valid()) return s.w.raw(",\"reference\":null", true);
  s.w.raw(",\"reference\":{\"blockName\":", false);
  write_block_name(s, block);
  s.w.end_object();
}

void write_hatch_properties(Writer& w, const Hatch& g) {
  w.flag("solid", g.solid);
  w.key("patternName");
  g.pattern_name.empty() ? w.null() : w.text(g.pattern_name);
  w.field("patternAngle", g.pattern_angle_deg);
  w.field("patternScale", g.pattern_scale);
}

void write_box(Writer& w, const Box2& box) {
  if (box.empty())
    return w.raw(",\"bbox\":{\"minX\":null,\"minY\":null,\"maxX\":null,\"maxY\":null}", true);
  w.raw(",\"bbox\":{\"minX\":", false);
  w.rounded(box.min_x);
  w.raw(",\"minY\":", false);
  w.rounded(box.min_y);
  w.raw(",\"maxX\":", false);
  w.rounded(box.max_x);
  w.raw(",\"maxY\":", false);
  w.rounded(box.max_y);
  w.end_object();
}

void write_optional(Writer& w, const std::optional<double>& value) {
  value ? w.rounded(*value) : w.null();
}

void write_metrics(Writer& w, const Entity& entity) {
  const Metrics m = measure(entity);
  w.raw(",\"metrics\":{\"length\":", false);
  write_optional(w, m.length);
  w.raw(",\"area\":", false);
  write_optional(w, m.area);
  w.raw(",\"perimeter\":", false);
  write_optional(w, m.perimeter);
  w.raw(",\"vertexCount\":", false);
  m.vertex_count ? w.integer(static_cast<std::int64_t>(*m.vertex_count)) : w.null();
  w.end_object();
}

bool is_shown(const Entity& entity) {
  if (const auto* attribute = std::get_if<Indirect<Attribute>>(&entity.geometry))
    return entity.visible && !(*attribute)->invisible();
  return entity.visible;
}

}  // namespace

std::string_view result_type(const Entity& entity) {
  if (std::holds_alternative<Indirect<Dimension>>(entity.geometry)) return "DIMENSION";
  return type_name(entity);
}

EntityWriter::EntityWriter(Writer& w, const Drawing& drawing, IdPlan& ids)
    : w_(w),
      drawing_(drawing),
      ids_(ids),
      scope_{w, drawing},
      layer_pieces_(drawing.layers.size() + 1) {}

void EntityWriter::enter(std::optional<std::string_view> layout_name, char place,
                         std::uint32_t number) {
  place_ = place;
  place_number_ = number;
  if (layout_name_ == layout_name) return;
  layout_name_ = layout_name;
  for (const std::size_t layer : made_pieces_) layer_pieces_[layer].clear();
  made_pieces_.clear();
}

void EntityWriter::place_extras(ExtraPlace place, SlotKind kind, Writer* part,
                                std::vector<SlotRecord>* slots) {
  extra_place_ = place;
  slot_kind_ = kind;
  extra_part_ = part;
  slots_ = slots;
}

void EntityWriter::skip(const Entity& entity, std::uint64_t running) {
  piece_.clear();
  ids_.write(piece_, entity.handle, place_, place_number_, running);
}

void EntityWriter::write(const Entity& stored, const Box2& box, std::uint64_t running) {
  if (is_upside_down(stored)) {
    Entity turned = upright(stored);
    return write(turned, box, running);
  }
  const Entity& entity = stored;
  scope_.entity = &entity;
  scope_.tilted = !(entity.normal == Vec3{0, 0, 1});
  if (scope_.tilted) {
    scope_.frame = Ocs(entity.normal);
    scope_.tilted = !scope_.frame.is_wcs;
  }
  w_.begin_object();
  w_.key("id");
  ids_.write(w_, entity.handle, place_, place_number_, running);
  w_.key("handle");
  write_handle(w_, entity.handle);
  write_type_and_category(w_, entity);
  write_layer_and_layout(entity.layer);
  w_.raw(",\"geometry\":{", false);
  std::visit([this](const auto& g) { write_geometry(scope_, g); }, entity.geometry);
  w_.raw("},\"text\":", false);
  write_text_member(scope_, entity);
  write_reference(scope_, entity);
  write_properties(entity);
  write_box(w_, box);
  write_metrics(w_, entity);
  write_extra(entity);
  w_.end_object();
}

void EntityWriter::write_layer_and_layout(LayerId layer) {
  const bool known = layer.index < drawing_.layers.size();
  const std::size_t slot = known ? layer.index : drawing_.layers.size();
  std::string& piece = layer_pieces_[slot];
  if (piece.empty()) {
    made_pieces_.push_back(slot);
    piece_.clear();
    piece_.begin_object();
    piece_.field("layer", known ? std::string_view(drawing_.at(layer).name) : "0");
    piece_.key("layout");
    layout_name_ ? piece_.text(*layout_name_) : piece_.null();
    piece = piece_.view();
    piece.front() = ',';
  }
  w_.raw(piece, true);
}

void EntityWriter::write_properties(const Entity& entity) {
  w_.raw(",\"properties\":{\"colorIndex\":", false);
  switch (entity.color.kind) {
    case Color::Kind::by_layer: w_.null(); break;
    case Color::Kind::by_block: w_.integer(0); break;
    case Color::Kind::index:
    case Color::Kind::rgb: w_.integer(entity.color.index); break;
  }
  w_.key("lineType");
  if (entity.linetype == kByLayerLinetype)
    w_.null();
  else if (entity.linetype == kByBlockLinetype)
    w_.plain_text("BYBLOCK");
  else
    w_.text(drawing_.at(entity.linetype).name);
  w_.key("lineweight");
  w_.integer(entity.lineweight);
  w_.flag("visible", is_shown(entity));
  if (const Hatch* hatch = hatch_of(entity)) {
    write_hatch_properties(w_, *hatch);
    return w_.end_object();
  }
  w_.raw(
      ",\"solid\":null,\"patternName\":null,\"patternAngle\":null,"
      "\"patternScale\":null}",
      true);
}

void EntityWriter::write_extra(const Entity& entity) {
  if (extra_place_ == ExtraPlace::none || !has_extra(drawing_, entity)) return;
  if (extra_place_ == ExtraPlace::inlined) return json::write_extra(w_, drawing_, entity);
  const std::uint64_t begin = extra_part_->offset();
  extra_part_->raw({}, true);  // the fragment starts with its comma
  json::write_extra(*extra_part_, drawing_, entity);
  slots_->push_back(
      {w_.offset(), slot_kind_, static_cast<std::uint32_t>(extra_part_->offset() - begin), begin});
}

}  // namespace cad::json
