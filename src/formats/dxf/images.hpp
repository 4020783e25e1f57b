// SPDX-License-Identifier: Apache-2.0
// IMAGE, WIPEOUT, the PDF, DWF and DGN underlays, OLE2FRAME and OLEFRAME.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_image(EntityTags& in);
Geometry read_wipeout(EntityTags& in);
Geometry read_underlay(EntityTags& in);
Geometry read_ole_frame(EntityTags& in);

}  // namespace cad::dxf
