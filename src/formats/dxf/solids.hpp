// SPDX-License-Identifier: Apache-2.0
// SOLID, TRACE, 3DFACE, MESH and the ACIS bodies (3DSOLID, REGION, BODY, surfaces).
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_solid(EntityTags& in);  // and TRACE
Geometry read_face3d(EntityTags& in);
Geometry read_mesh(EntityTags& in);
Geometry read_acis(EntityTags& in);

}  // namespace cad::dxf
