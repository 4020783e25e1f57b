// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// Finds the blocks of model and paper space; makes model space when the drawing has none.
void find_spaces(Loader& loader);

// LAYOUT (ODA 20.4.84).
void read_layout(ObjectIn& in);

// Which layout shows which block; sheets without a LAYOUT object (R13, R14) get one.
void link_layouts(Loader& loader);

}  // namespace cad::dwg
