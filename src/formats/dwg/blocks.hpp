// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Insert read_reference(EntityIn& in);  // what a table has, too
Geometry read_insert(EntityIn& in);   // with its attributes
Geometry read_minsert(EntityIn& in);

}  // namespace cad::dwg
