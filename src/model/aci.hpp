// SPDX-License-Identifier: Apache-2.0
// The AutoCAD Color Index: 255 fixed colors. 7 is given as white; what draws decides whether it is
// black on the background at hand.
#pragma once

#include <cstdint>

#include "model/style.hpp"

namespace cad {

Rgb rgb_of_aci(std::uint8_t index);

// The index whose color is nearest (1 to 255, the least of equals): for formats that state a true
// color alone.
std::uint8_t nearest_aci(Rgb rgb);

}  // namespace cad
