// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg::testing {

// R2004's variation of LZ77 (ODA 4.7), with each of its opcodes where it serves. Needs 4 bytes or
// more, as the format begins with that many literals.
std::vector<std::byte> pack_r2004(Bytes data);

}  // namespace cad::dwg::testing
