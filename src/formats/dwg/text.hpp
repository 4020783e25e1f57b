// SPDX-License-Identifier: Apache-2.0
// TEXT and SHAPE (ODA 20.4.3, 20.4.37).
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_text(EntityIn& in);
Geometry read_shape(EntityIn& in);

// The fields of TEXT, which attributes begin with; thickness and normal go to the entity.
Text read_text_fields(EntityIn& in);

}  // namespace cad::dwg
