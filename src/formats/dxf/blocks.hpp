// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_insert(EntityTags& in);  // its ATTRIB records follow

}  // namespace cad::dxf
