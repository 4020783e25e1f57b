// SPDX-License-Identifier: Apache-2.0
// TEXT, MTEXT, ATTRIB, ATTDEF, TOLERANCE and SHAPE (DXF Reference, ENTITIES section).
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_text(EntityTags& in);
// Columns come from the embedded object (2018) or from the xdata of application ACAD (before).
Geometry read_mtext(EntityTags& in);
// Multi-line attributes hold an MTEXT as an embedded object.
Geometry read_attrib(EntityTags& in);
Geometry read_attdef(EntityTags& in);
Geometry read_tolerance(EntityTags& in);
Geometry read_shape(EntityTags& in);

}  // namespace cad::dxf
