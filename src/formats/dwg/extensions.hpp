// SPDX-License-Identifier: Apache-2.0
// DICTIONARY (ODA 20.4.44), ACDBDICTIONARYWDFLT (20.4.45), XRECORD (20.4.104),
// ACDB_BLOCKREPRESENTATION_DATA: what extension dictionaries of entities hold.
#pragma once

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// Reads the extension dictionaries of entities into Drawing::extras, and what they say of dynamic
// blocks into Block::dynamic_name.
void read_extensions(Loader& loader);

}  // namespace cad::dwg
