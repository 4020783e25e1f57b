// SPDX-License-Identifier: Apache-2.0
// DIMENSION (all kinds), ARC_DIMENSION, LARGE_RADIAL_DIMENSION and LEADER.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_dimension(EntityTags& in);
Geometry read_arc_dimension(EntityTags& in);
Geometry read_large_radial_dimension(EntityTags& in);
Geometry read_leader(EntityTags& in);

}  // namespace cad::dxf
