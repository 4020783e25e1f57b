// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "model/dimensions.hpp"
#include "model/tables.hpp"

namespace cad::acad {

// An entity's own values of dimension variables, from its extended data of application ACAD:
// DSTYLE { code value code value ... }. Numbers beyond `max_coordinate` read as 0.
DimOverrides dim_overrides(std::span<const XdataItem> acad_items, double max_coordinate);

}  // namespace cad::acad
