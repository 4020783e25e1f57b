// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dxf/loader.hpp"

namespace cad::dxf {

// Reads the extension dictionaries of entities (after OBJECTS) into Drawing::extras, and what they
// say of dynamic blocks into Block::dynamic_name.
void read_extensions(Loader& loader);

}  // namespace cad::dxf
