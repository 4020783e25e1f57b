// SPDX-License-Identifier: Apache-2.0
// MLINE.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_mline(EntityTags& in);

}  // namespace cad::dxf
