// SPDX-License-Identifier: Apache-2.0
// One entity of a sheet or block as JSON. Keeps the pieces that repeat (layer and layout, common
// properties) ready made: a drawing has a million entities and fifty layers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/families.hpp"
#include "json/ids.hpp"

namespace cad::json {

// The DXF name of the entity; every dimension, arc and jogged ones too, is a DIMENSION.
std::string_view result_type(const Entity& entity);

enum class ExtraPlace : std::uint8_t { none, inlined, slots };

class EntityWriter {
 public:
  EntityWriter(Writer& w, const Drawing& drawing, IdPlan& ids);

  // What follows belongs to this layout (a sheet) or, without a name, to a block definition.
  void enter(std::optional<std::string_view> layout_name, char place, std::uint32_t number);

  // Where xdata and extension values go. For slots: their text is appended to `part`, their places
  // in the document to `slots`.
  void place_extras(ExtraPlace place, SlotKind kind = SlotKind::xdata, Writer* part = nullptr,
                    std::vector<SlotRecord>* slots = nullptr);

  // `running`: number of the entity in its sheet or block. An empty box is written as nulls.
  void write(const Entity& entity, const Box2& box, std::uint64_t running);
  // Counts the id of an entity that is left out.
  void skip(const Entity& entity, std::uint64_t running);

 private:
  void write_layer_and_layout(LayerId layer);
  void write_properties(const Entity& entity);
  void write_extra(const Entity& entity);

  Writer& w_;
  const Drawing& drawing_;
  IdPlan& ids_;
  Scope scope_;
  char place_ = 's';
  std::uint32_t place_number_ = 0;
  std::optional<std::string> layout_name_;
  std::vector<std::string> layer_pieces_;  // by LayerId, made when first needed
  std::vector<std::size_t> made_pieces_;
  Writer piece_;
  ExtraPlace extra_place_ = ExtraPlace::none;
  SlotKind slot_kind_ = SlotKind::xdata;
  Writer* extra_part_ = nullptr;
  std::vector<SlotRecord>* slots_ = nullptr;
};

// Calls f(entity, running, index, is_attribute) for each entity of a block in the result's order:
// every ATTRIB right behind its INSERT. `index` counts entities and attributes apart.
template <class F>
void for_each_in_document_order(const std::vector<Entity>& entities, F&& f) {
  std::uint64_t running = 0;
  std::size_t attribute = 0, index = 0;
  for (const Entity& entity : entities) {
    f(entity, running++, index++, false);
    if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry))
      for (const Entity& a : (*insert)->attributes) f(a, running++, attribute++, true);
  }
}

}  // namespace cad::json
