// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

// By its name, with the graphics that stand in for it.
Unknown read_unknown(EntityIn& in);
// ACAD_PROXY_ENTITY: an entity whose class the program that saved it did not know.
Geometry read_proxy(EntityIn& in);

}  // namespace cad::dwg
