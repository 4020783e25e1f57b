// SPDX-License-Identifier: Apache-2.0
// The sections of a DXF file, in the order they come. Each reader is called behind its SECTION's
// name and returns behind ENDSEC, or before what cannot be inside it.
#pragma once

#include "formats/dxf/loader.hpp"

namespace cad::dxf {

// False when the file broke off before its EOF mark (reported).
bool read_sections(Loader& loader);

void read_header(Loader& loader);
void read_classes(Loader& loader);
void read_tables(Loader& loader);
void read_blocks(Loader& loader);
void read_objects(Loader& loader);

// After the last section: layouts, draw orders, dynamic names; what is missing is repaired.
void link(Loader& loader);

// Moves to the next group 0; false at the file's end.
bool next_record(TagCursor& tags);
// ENDSEC, SECTION or EOF: true, and all but ENDSEC are left for the caller.
bool ends_section(TagCursor& tags);

}  // namespace cad::dxf
