// SPDX-License-Identifier: Apache-2.0
// Entities of applications: ACAD_PROXY_ENTITY, and types without a reader of their own. Kept by
// name, with what CLASSES says of them and the graphics that stand in for them.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_unknown(EntityTags& in);
Geometry read_proxy(EntityTags& in);

}  // namespace cad::dxf
