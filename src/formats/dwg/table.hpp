// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_table(EntityIn& in);

// Room for one more cell, charged by what it takes of memory; null: no more fit.
TableCell* add_cell(EntityIn& in, Table& table);

}  // namespace cad::dwg
