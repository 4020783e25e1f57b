// SPDX-License-Identifier: Apache-2.0
// HELIX: a SPLINE and what it was made from.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_helix(EntityTags& in);

}  // namespace cad::dxf
