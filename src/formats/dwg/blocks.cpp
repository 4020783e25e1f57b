// SPDX-License-Identifier: Apache-2.0
// INSERT and MINSERT (ODA 20.4.9, 20.4.10).
#include "formats/dwg/blocks.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;

Vec3 read_scale(EntityIn& in) {
  if (!in.from(Version::r2000)) return in.bd3();
  switch (in.bb()) {
    case 3: return {1, 1, 1};
    case 1: {
      const double y = in.dd(1);
      return {1, y, in.dd(1)};
    }
    case 2: {
      const double all = in.rd();
      return {all, all, all};
    }
    default: {
      const double x = in.rd();
      const double y = in.dd(x);
      return {x, y, in.dd(x)};
    }
  }
}

void read_attributes(EntityIn& in, std::size_t count, Insert& insert) {
  for (Slot* const slot : in.owned(count)) {
    if (slot->role == Role::seqend) {
      slot->fate = Fate::structure;
      continue;
    }
    // An unreadable object has no row.
    if (slot->role != Role::entity || slot->row->name != "ATTRIB") {
      slot->claimed = false;
      in.warn("DWG_BAD_ATTRIBUTE", "An insert lists something that is no attribute; ignored.");
      continue;
    }
    if (!in.loader().room_for_entity(true)) {
      slot->fate = Fate::declared;
      continue;
    }
    Entity attribute;
    EntityLinks links;
    if (read_entity(in.loader(), *slot, attribute, links))
      insert.attributes.push_back(std::move(attribute));
  }
  if (Slot* const end = in.loader().find(in.handle()); end != nullptr && end->role == Role::seqend)
    end->fate = Fate::structure;
}

Insert read(EntityIn& in, bool is_array) {
  Insert insert;
  insert.position = in.bd3();
  insert.scale = read_scale(in);
  insert.rotation_deg = in.bd() * kDegrees;
  in.entity().normal = in.bd3();
  const bool has_attributes = in.b();
  // The specification has the count always; files only where there are attributes.
  const std::uint32_t count = in.from(Version::r2004) && has_attributes ? in.ubl() : 0;
  if (is_array) {
    insert.columns = in.ubs();
    insert.rows = in.ubs();
    insert.column_spacing = in.bd();
    insert.row_spacing = in.bd();
  }
  insert.block = in.loader().block(in.handle());
  if (!insert.block.valid())
    in.warn("DWG_MISSING_BLOCK", "A block that is inserted is not defined in the drawing.");
  if (has_attributes) read_attributes(in, count, insert);
  return insert;
}

}  // namespace

Insert read_reference(EntityIn& in) { return read(in, false); }
Geometry read_insert(EntityIn& in) { return Indirect<Insert>(read(in, false)); }
Geometry read_minsert(EntityIn& in) { return Indirect<Insert>(read(in, true)); }

}  // namespace cad::dwg
