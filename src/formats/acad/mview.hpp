// SPDX-License-Identifier: Apache-2.0
// The view of a paper space viewport as R12 to R14 keep it: extended data of application ACAD.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/blocks.hpp"
#include "model/tables.hpp"

namespace cad::acad {

// Fills in the view as far as `items` have it; values beyond `max_coordinate` are damage and read
// as 0. Gives the names of the layers that are frozen in the viewport.
std::vector<std::string> take_mview(std::span<const XdataItem> items, double max_coordinate,
                                    Viewport& viewport);

}  // namespace cad::acad
