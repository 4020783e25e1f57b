// SPDX-License-Identifier: Apache-2.0
// What a HATCH stores, turned into what the model says.
#pragma once

#include <span>
#include <string_view>

#include "model/hatch.hpp"
#include "model/tables.hpp"

namespace cad::acad {

// The application whose extended data holds the color behind a pattern.
inline constexpr std::string_view kHatchBackgroundApp = "HATCHBACKGROUNDCOLOR";
void take_hatch_background(std::span<const XdataItem> items, Hatch& hatch);

// Elliptic edges store the angle under which a point is seen from the center; the model wants the
// ellipse's parameter. Whole turns are kept.
void turn_angles_into_parameters(Hatch& hatch);

}  // namespace cad::acad
