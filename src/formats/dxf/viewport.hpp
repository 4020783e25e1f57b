// SPDX-License-Identifier: Apache-2.0
// VIEWPORT of a paper-space layout.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_viewport(EntityTags& in);

}  // namespace cad::dxf
