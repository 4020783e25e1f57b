// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

// By its name, with the graphics that stand in for it.
Unknown read_unknown(EntityIn& in);

}  // namespace cad::dwg
