// SPDX-License-Identifier: Apache-2.0
// ATTRIB and ATTDEF (ODA 20.4.4, 20.4.5).
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_attrib(EntityIn& in);
Geometry read_attdef(EntityIn& in);

}  // namespace cad::dwg
