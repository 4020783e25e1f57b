// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/dwg/object_map.hpp"
#include "formats/dwg/version.hpp"

namespace cad::dwg {

// Finds objects without the object map: whatever has a size, a type, a handle of its own and the
// right checksum. For drawings whose map is damaged.
std::vector<ObjectPlace> scan_objects(Bytes section, Version version);

}  // namespace cad::dwg
