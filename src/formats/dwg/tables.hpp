// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// What a table's record begins with (after the common object data).
struct RecordHead {
  std::string name;
  bool xref_dependent = false;
};
RecordHead read_record_head(ObjectIn& in);

// A record and its place in the list of its table's control object, where erased ones leave gaps.
struct ListedRecord {
  Slot* slot = nullptr;
  std::size_t place = 0;
};

// What a BLOCK_HEADER says of the entities of its block.
struct BlockContents {
  BlockId block;
  Handle header = 0, begin = 0, end = 0;  // BLOCK, ENDBLK
  Handle first = 0, last = 0;             // R13 to 2000
  std::vector<Handle> entities;           // from 2004 on
};

// Reads all tables into the drawing: application names, linetypes, layers, styles, dimension
// styles, block headers. Gives the blocks in the order of their table.
std::vector<BlockContents> read_tables(Loader& loader);

// One DIMSTYLE record, behind its head.
void read_dim_style(ObjectIn& in, DimStyle& style);

}  // namespace cad::dwg
