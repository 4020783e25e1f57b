// SPDX-License-Identifier: Apache-2.0
// The AutoCAD Color Index: 255 fixed colors. 7 is given as white; what draws decides whether it is
// black on the background at hand.
#pragma once

#include <cstdint>

#include "model/style.hpp"

namespace cad {

Rgb rgb_of_aci(std::uint8_t index);

}  // namespace cad
