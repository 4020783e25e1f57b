// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/dwg/tables.hpp"

namespace cad::dwg {

// Reads the entities of all blocks into them, in the order that the blocks give. Entities that no
// block lists are placed by what they say of their owner; what belongs nowhere is reported.
void read_block_entities(Loader& loader, const std::vector<BlockContents>& blocks);

}  // namespace cad::dwg
