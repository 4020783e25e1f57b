// SPDX-License-Identifier: Apache-2.0
// HATCH and MPOLYGON (DXF Reference: HATCH, Boundary Path Data, Pattern Data). The groups are read
// as they come: what starts a loop, an edge or a pattern line is its first group, not the counts
// (91, 93, 78 ...), which damaged files and some writers get wrong.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_hatch(EntityTags& in);
Geometry read_mpolygon(EntityTags& in);

}  // namespace cad::dxf
