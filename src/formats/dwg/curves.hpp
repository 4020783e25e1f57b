// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_line(EntityIn& in);
Geometry read_point(EntityIn& in);
Geometry read_circle(EntityIn& in);
Geometry read_arc(EntityIn& in);
Geometry read_ellipse(EntityIn& in);
Geometry read_ray(EntityIn& in);
Geometry read_xline(EntityIn& in);

}  // namespace cad::dwg
