// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

// What an ACAD_TABLE of 2010 and later has behind its block reference.
void read_table_content(EntityIn& in, Table& table);

}  // namespace cad::dwg
