// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/dwg/object_in.hpp"
#include "model/tables.hpp"

namespace cad::dwg {

// An object's extended data (ODA chapter 28), as far as the budget goes: layers by name, handles
// and binary chunks in hexadecimal, as DXF has them.
std::vector<XdataApp> decode_eed(ObjectIn& in);

}  // namespace cad::dwg
