// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/census.hpp"

namespace cad::dwg {
namespace {

void settle(Loader& loader, Slot& slot) {
  switch (slot.role) {
    case Role::vertex:
    case Role::seqend:
    case Role::block_begin:
    case Role::block_end:
      slot.fate = Fate::declared;
      loader.warn("DWG_PART_WITHOUT_OWNER", slot.row->name,
                  "A part of an entity or block belongs to none; left out.", slot.handle);
      break;
    case Role::entity:
    case Role::unreadable:
      slot.fate = Fate::declared;
      loader.warn("DWG_ENTITY_WITHOUT_OWNER", slot.row != nullptr ? slot.row->name : "DWG",
                  "An entity belongs to no block of the drawing and was left out.", slot.handle);
      break;
    default: slot.fate = Fate::nongraphic; break;
  }
}

}  // namespace

void Loader::note_leftover(ObjectIn& in) {
  if (audit_ == nullptr || version() < Version::r2000) return;
  Leftover left;
  left.handle = in.self();
  const TypeRow* const row = named_type(in.type());
  left.type = row != nullptr ? row->name : "UNKNOWN";
  left.data = in.bits_left();
  left.strings = in.strings().bits_left();
  left.handles = in.handles().bits_left() < 8 ? 0 : in.handles().bits_left();
  if (left.data + left.strings + left.handles == 0) {
    ++audit_->complete;
  } else {
    audit_->leftovers.push_back(left);
  }
}

Census take_census(Loader& loader) {
  Census census;
  for (Slot& slot : loader.slots()) {
    if (slot.fate == Fate::pending) settle(loader, slot);
    ++census.objects;
    switch (slot.fate) {
      case Fate::entity: ++census.entities; break;
      case Fate::structure: ++census.structure; break;
      case Fate::nongraphic: ++census.nongraphic; break;
      case Fate::declared:
      case Fate::pending: ++census.declared; break;
    }
  }
  return census;
}

}  // namespace cad::dwg
