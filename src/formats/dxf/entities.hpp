// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/dxf/loader.hpp"

namespace cad::dxf {

struct Placement {
  Handle owner = 0;              // group 330
  std::string_view layout_name;  // group 410
};

// Reads the entity whose group 0 is the present group, with what follows and belongs to it (ATTRIB,
// VERTEX, SEQEND), and appends it to `out`. False: left out because the budget is spent.
bool read_entity(Loader& loader, std::vector<Entity>& out, bool in_block, Placement& placement);

// ENTITIES, up to ENDSEC, EOF or the next SECTION (left for the caller). Also takes a file that has
// no sections at all.
void read_entities_section(Loader& loader);

// A block's entities, up to ENDBLK or whatever cannot be inside a block (left for the caller).
void read_block_entities(Loader& loader, std::vector<Entity>& out);

void append_entities(std::vector<Entity>& to, std::vector<Entity>&& from);

}  // namespace cad::dxf
