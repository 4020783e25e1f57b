// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/dwg/tables.hpp"

namespace cad::dwg {

// The block table's records, in its order, into Drawing::blocks.
std::vector<BlockContents> read_block_headers(Loader& loader,
                                              const std::vector<ListedRecord>& records);

}  // namespace cad::dwg
