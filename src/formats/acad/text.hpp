// SPDX-License-Identifier: Apache-2.0
// What DXF and DWG say alike of TEXT, attributes and MTEXT.
#pragma once

#include <span>

#include "model/tables.hpp"
#include "model/text.hpp"

namespace cad::acad {

// Without an alignment the second point is meaningless, whatever the file stores there.
void settle_alignment(Text& text);

// The columns of an MTEXT before 2018, from its extended data of application ACAD. Numbers beyond
// `max_coordinate` read as 0.
void take_mtext_columns(std::span<const XdataItem> acad_items, double max_coordinate, MText& text);

}  // namespace cad::acad
