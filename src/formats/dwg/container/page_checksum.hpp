// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

// The checksum of the pages of R2004 (ODA 4.2): Adler-32 continued from `seed`,
// where an empty start is 0 instead of Adler's 1.
std::uint32_t page_checksum(std::uint32_t seed, Bytes bytes);

}  // namespace cad::dwg
