// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_lwpolyline(EntityTags& in);
Geometry read_polyline(EntityTags& in);                // its VERTEX records follow
void read_vertex(EntityTags& in, Polyline& polyline);  // one VERTEX record

}  // namespace cad::dxf
