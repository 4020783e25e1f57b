// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_ordinate_dimension(EntityIn& in);
Geometry read_linear_dimension(EntityIn& in);
Geometry read_aligned_dimension(EntityIn& in);
Geometry read_angular3p_dimension(EntityIn& in);
Geometry read_angular_dimension(EntityIn& in);
Geometry read_radius_dimension(EntityIn& in);
Geometry read_diameter_dimension(EntityIn& in);
Geometry read_arc_dimension(EntityIn& in);
Geometry read_large_radial_dimension(EntityIn& in);

}  // namespace cad::dwg
