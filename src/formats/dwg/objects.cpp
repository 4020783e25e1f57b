// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/objects.hpp"

#include <algorithm>

#include "formats/dwg/extensions.hpp"
#include "formats/dwg/viewport.hpp"

namespace cad::dwg {

void read_objects(Loader& loader) {
  for (Slot& slot : loader.slots()) {
    if (slot.role != Role::object) continue;
    slot.fate = Fate::nongraphic;
    if (slot.row->read_object == nullptr) continue;
    ObjectIn in = loader.open(slot);
    slot.row->read_object(in);
    loader.note_leftover(in);
    if (!in.all_ok())
      in.warn("DWG_OBJECT_DAMAGED", "An object is damaged; some of what it says may be wrong.");
  }
}

void read_late_objects(Loader& loader) {
  number_viewports(loader.drawing());
  read_extensions(loader);
}

// As CMC; the entities that name it show its color.
void read_book_color(ObjectIn& in) {
  begin_object(in);
  const Color color = in.color();
  if (in.ok()) in.loader().book_colors()[in.self()] = color;
}

void read_draw_order(ObjectIn& in) {
  begin_object(in);
  const std::uint32_t claimed = in.ubl();
  const BlockId block = in.loader().block(in.handle());
  const Limits& limits = in.loader().limits();
  const std::size_t most = limits.max_entities + limits.max_block_entities;
  const std::size_t count = in.handles().count(in.count(claimed, 8), 8);
  std::vector<std::pair<Handle, Handle>> order;
  order.reserve(std::min(count, most));
  for (std::size_t i = 0; i < count && in.ok() && in.handles().ok(); ++i) {
    const Handle sort_as = in.h().resolve(in.self());
    const Handle entity = in.handle();
    if (order.size() < most) order.emplace_back(sort_as, entity);
  }
  if (block.valid() && !order.empty())
    in.loader().drawing().at(block).draw_order = std::move(order);
}

void read_group(ObjectIn& in) {
  begin_object(in);
  in.text();  // name
  in.bs();    // unnamed
  in.bs();    // selectable
  const std::size_t count = in.handles().count(in.ubl(), 8);
  for (std::size_t i = 0; i < count; ++i) in.handle();
}

void read_dictionary_variable(ObjectIn& in) {
  begin_object(in);
  in.rc();    // version
  in.text();  // value
}

}  // namespace cad::dwg
