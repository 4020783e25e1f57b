// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/objects.hpp"

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

void read_late_objects(Loader&) {}

}  // namespace cad::dwg
