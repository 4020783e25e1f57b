// SPDX-License-Identifier: Apache-2.0
// ACAD_TABLE: cells of both generations, before and from 2007 (CELL_VALUE).
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_table(EntityTags& in);

}  // namespace cad::dxf
