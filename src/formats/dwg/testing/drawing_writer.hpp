// SPDX-License-Identifier: Apache-2.0
// A whole small drawing in every release, so that each container is tested where there is no
// corpus. It never proves the object decoders: the corpus does.
#pragma once

#include <vector>

#include "formats/dwg/container/sections.hpp"

namespace cad::dwg::testing {

// Layers "0" and "W\u00e4nde" (red); on the latter a line from (1, 2, 0) to (3, 4, 5) with handle
// 30 and a circle of radius 2.5 about (7, 8, 0) with handle 31, in model space.
std::vector<std::byte> write_drawing(Version version);

}  // namespace cad::dwg::testing
