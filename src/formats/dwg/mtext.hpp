// SPDX-License-Identifier: Apache-2.0
// MTEXT (ODA 20.4.46).
#pragma once

#include "formats/dwg/entity_in.hpp"

namespace cad::dwg {

Geometry read_mtext(EntityIn& in);

struct MTextFields {
  MText text;
  Vec3 normal;
};
// The fields behind the common ones: multi-line attributes of 2018 hold them, too.
MTextFields read_mtext_fields(EntityIn& in);

}  // namespace cad::dwg
