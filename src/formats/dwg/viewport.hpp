// SPDX-License-Identifier: Apache-2.0
// VIEWPORT of a paper-space layout (ODA 20.4.38).
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_viewport(EntityIn& in);

// Numbers the viewports of each sheet as DXF does: the first is the sheet's own.
void number_viewports(Drawing& drawing);

}  // namespace cad::dwg
