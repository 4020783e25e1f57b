// SPDX-License-Identifier: Apache-2.0
// MULTILEADER: groups 300 to 305 open and close its nested parts,
// CONTEXT_DATA{ LEADER{ LEADER_LINE{ } } }.
#pragma once

#include "formats/dxf/entity_tags.hpp"

namespace cad::dxf {

Geometry read_mleader(EntityTags& in);

}  // namespace cad::dxf
