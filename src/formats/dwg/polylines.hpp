// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_lwpolyline(EntityIn& in);
// With their VERTEX and SEQEND objects.
Geometry read_polyline_2d(EntityIn& in);
Geometry read_polyline_3d(EntityIn& in);
Geometry read_polyline_pface(EntityIn& in);
Geometry read_polyline_mesh(EntityIn& in);

}  // namespace cad::dwg
