// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/tables.hpp"

namespace cad {

// Millimeters of plotted paper that a unit of the layout stands for: what lineweights are measured
// in. 0: model space, which has no paper. (DXF Reference, PLOTSETTINGS: groups 72, 142, 143.)
double mm_per_unit(const Layout& layout);

}  // namespace cad
