// SPDX-License-Identifier: Apache-2.0
// What HATCH keeps in extended data: the color behind its pattern.
#pragma once

#include <span>
#include <string_view>

#include "model/hatch.hpp"
#include "model/tables.hpp"

namespace cad::acad {

inline constexpr std::string_view kHatchBackgroundApp = "HATCHBACKGROUNDCOLOR";

// `items` are that application's.
void take_hatch_background(std::span<const XdataItem> items, Hatch& hatch);

}  // namespace cad::acad
