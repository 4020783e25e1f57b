// SPDX-License-Identifier: Apache-2.0
// HEADER: "9 $NAME" and the groups of its value.
#include "formats/dxf/sections.hpp"

namespace cad::dxf {

void read_header(Loader& loader) {
  TagCursor& tags = loader.tags();
  while (next_record(tags))
    if (ends_section(tags)) return;
}

}  // namespace cad::dxf
