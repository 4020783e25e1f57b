// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/diagnostics.hpp"
#include "formats/dwg/bytes.hpp"
#include "model/ids.hpp"

namespace cad::dwg {

struct ObjectPlace {
  Handle handle = 0;
  std::uint64_t offset = 0;  // in the objects section
};

struct ObjectMap {
  std::vector<ObjectPlace> places;  // in the order of the map
  bool damaged = false;             // objects may be missing
};

// AcDb:Handles (ODA chapter 23): where each object is. `objects_size` bounds what is believed.
// Damage is reported; what stands before it is kept.
ObjectMap read_object_map(Bytes section, std::uint64_t objects_size, Diagnostics& diagnostics);

}  // namespace cad::dwg
