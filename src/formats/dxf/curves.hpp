// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_line(EntityTags& in);
Geometry read_point(EntityTags& in);
Geometry read_circle(EntityTags& in);
Geometry read_arc(EntityTags& in);
Geometry read_ellipse(EntityTags& in);
Geometry read_spline(EntityTags& in);
Geometry read_ray(EntityTags& in);
Geometry read_xline(EntityTags& in);

// One group of a SPLINE (also inside HELIX); false when the code is none of its own.
bool read_spline_group(EntityTags& in, Spline& spline);

}  // namespace cad::dxf
