// SPDX-License-Identifier: Apache-2.0
// SOLID, TRACE, 3DFACE, MESH and the ACIS bodies (3DSOLID, REGION, BODY, surfaces).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_solid(EntityTags& in);  // and TRACE
Geometry read_face3d(EntityTags& in);
Geometry read_mesh(EntityTags& in);
Geometry read_acis(EntityTags& in);

// The ACIS text of a DXF file is enciphered: every printable character but the blank is 159 minus
// its code. ASCII files escape the caret that an A becomes: undo that first. Appends to `out`.
void decode_sat_line(std::string_view line, std::string& out);

// The edges in ACIS data, text or binary, as far as the drawing has room for them.
std::vector<std::array<Vec3, 2>> read_wireframe(Loader& loader, std::string_view data,
                                                std::string_view type);

}  // namespace cad::dxf
