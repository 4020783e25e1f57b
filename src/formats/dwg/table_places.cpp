// SPDX-License-Identifier: Apache-2.0
// LAYER CONTROL and LTYPE CONTROL (ODA 20.4.52, 20.4.56): the order of their records.
#include "formats/dwg/table_places.hpp"

namespace cad::dwg {
namespace {

// As many as the list counts: ByLayer and ByBlock come behind it.
std::vector<Handle> listed(Loader& loader, std::string_view control) {
  std::vector<Handle> handles;
  for (const Slot& slot : loader.slots()) {
    if (slot.role != Role::control || slot.row->name != control) continue;
    ObjectIn in = loader.open(slot);
    begin_object(in);
    handles.resize(in.handles().count(in.ubl(), 8));
    for (Handle& handle : handles) handle = in.handle();
    break;
  }
  return handles;
}

template <class IdType, class Find>
void note(const std::vector<Handle>& handles, std::size_t records, std::vector<IdType>& places,
          Find find) {
  bool in_order = handles.size() <= records;
  for (const Handle handle : handles) {
    const IdType id = find(handle);
    in_order = in_order && id.index == places.size();
    places.push_back(id);
  }
  if (in_order) places.clear();
}

}  // namespace

void note_table_places(Loader& loader) {
  Drawing& drawing = loader.drawing();
  note(listed(loader, "LAYER_CONTROL"), drawing.layers.size(), drawing.layer_places,
       [&](Handle handle) { return loader.layer(handle); });
  note(listed(loader, "LTYPE_CONTROL"), drawing.linetypes.size(), drawing.linetype_places,
       [&](Handle handle) { return loader.linetype(handle); });
}

}  // namespace cad::dwg
