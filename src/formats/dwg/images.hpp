// SPDX-License-Identifier: Apache-2.0
// IMAGE and WIPEOUT (ODA 20.4.80), the PDF, DWF and DGN underlays, OLE2FRAME and OLEFRAME, and the
// definitions they refer to (20.4.81).
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_image(EntityIn& in);
Geometry read_wipeout(EntityIn& in);
Geometry read_underlay(EntityIn& in);
Geometry read_ole2_frame(EntityIn& in);
Geometry read_ole_frame(EntityIn& in);

void read_image_definition(ObjectIn& in);
void read_underlay_definition(ObjectIn& in);

}  // namespace cad::dwg
