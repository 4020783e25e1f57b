// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_mline(EntityIn& in);
void read_mline_style(ObjectIn& in);

}  // namespace cad::dwg
