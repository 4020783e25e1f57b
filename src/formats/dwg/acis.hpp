// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_3dsolid(EntityIn& in);
Geometry read_body(EntityIn& in);  // and REGION
// SURFACE and its kinds: the ACIS data, which says all that is drawn; not how the surface was made.
Geometry read_surface(EntityIn& in);

}  // namespace cad::dwg
