// SPDX-License-Identifier: Apache-2.0
// An entity's object: the common data is read (ODA 20.4.1, 20.4.2), the data of its type comes
// next.
#pragma once

#include <span>

#include "formats/dwg/loader.hpp"
#include "formats/dwg/object_in.hpp"

namespace cad::dwg {

struct EntityLinks {
  std::uint8_t mode = 0;  // 0 owner stated, 1 paper space, 2 model space
  Handle owner = 0;
  Handle next = 0;  // R13 to 2000: the next entity of the block
  Handle extension_dictionary = 0;
  bool has_data_store = false;
  std::uint64_t graphics_bit = 0, graphics_bytes = 0;  // proxy graphics, where they stand
};

class EntityIn : public ObjectIn {
 public:
  EntityIn(ObjectIn&& object, Entity& entity) : ObjectIn(std::move(object)), entity_(entity) {}

  // The part of every entity; what it refers to is resolved.
  void read_common();
  // The same without its extended data.
  void read_head();
  // An entity inside this one: its common data from the entity mode on, of no interest.
  void skip_embedded_head();

  Entity& entity() { return entity_; }
  EntityLinks& links() { return links_; }
  Drawing& drawing() { return loader().drawing(); }
  const Limits& limits() { return loader().limits(); }
  const ClassInfo* info() const { return info_; }  // of class-based types
  void set_info(const ClassInfo* info) { info_ = info; }
  std::vector<std::uint8_t> graphics();

  // Extended data of one application; empty when there is none (or it no longer fit the budget).
  std::span<const XdataItem> xdata(std::string_view app);

  // The sub-objects of a POLYLINE or INSERT: up to 2000 the first and the last of a chain, later
  // all handles. Call where the handle stream has them (`count` from the data, from 2004 on). Each
  // object is given once in a drawing: who asks first owns it.
  std::vector<Slot*> owned(std::size_t count);

 private:
  void read_from_mode();
  void read_links(std::uint32_t reactors, bool no_dictionary, bool no_links);
  void read_entity_color();
  void read_xdata();
  void restore_true_color(const std::vector<XdataApp>& apps);
  Entity& entity_;
  EntityLinks links_;
  const ClassInfo* info_ = nullptr;
  bool has_book_color_ = false;
  bool is_bylayer_linetype_ = true;
};

// Reads the entity of a slot with all that belongs to it; false: nothing could be read of it (then
// reported). Shared by blocks and by inserts for their attributes.
bool read_entity(Loader& loader, Slot& slot, Entity& entity, EntityLinks& links);

// Lineweight bytes: an index to hundredths of a millimeter, 29 to 31 by layer, by block, default.
std::int16_t lineweight_of(std::uint8_t byte);

}  // namespace cad::dwg
