// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// Proxy graphics name layers and linetypes by their place in the table's list, which keeps the
// places of erased records. Once the tables are read.
void note_table_places(Loader& loader);

}  // namespace cad::dwg
