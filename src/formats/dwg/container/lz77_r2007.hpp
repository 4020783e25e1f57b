// SPDX-License-Identifier: Apache-2.0
// The compression of R2007 files (ODA 5.10): runs of literal bytes, shuffled, between copies of
// what is already there.
#pragma once

#include <cstddef>
#include <vector>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

// Appends to `out` what `in` holds, at most `at_most` bytes: `out` grows with what is really there,
// never ahead to a size that a file declares. True when `in` was read to its end without a fault;
// else what came before the fault is there.
bool decompress_r2007(Bytes in, std::size_t at_most, std::vector<std::byte>& out);

}  // namespace cad::dwg
