// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// Objects that entities refer to: color book entries, image and underlay definitions, multiline
// styles, layouts.
void read_objects(Loader& loader);

// Objects that refer to entities: draw orders, extension dictionaries.
void read_late_objects(Loader& loader);

}  // namespace cad::dwg
