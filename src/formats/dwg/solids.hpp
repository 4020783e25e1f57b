// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_solid(EntityIn& in);  // SOLID
Geometry read_trace(EntityIn& in);
Geometry read_face3d(EntityIn& in);

}  // namespace cad::dwg
