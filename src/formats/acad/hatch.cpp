// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/hatch.hpp"

#include <cmath>
#include <numbers>

#include "formats/acad/colors.hpp"

namespace cad::acad {
namespace {

double parameter_deg(double angle_deg, double ratio) {
  const double angle = angle_deg * std::numbers::pi / 180;
  const double parameter = std::atan2(std::sin(angle), ratio * std::cos(angle));
  const double turns = std::round((angle - parameter) / (2 * std::numbers::pi));
  return parameter * 180 / std::numbers::pi + turns * 360;
}

}  // namespace

// One 1071 with a raw color; 0xC8 means none.
void take_hatch_background(std::span<const XdataItem> items, Hatch& hatch) {
  for (const XdataItem& item : items) {
    const std::int64_t* raw = std::get_if<std::int64_t>(&item.value);
    if (item.code != 1071 || !raw || static_cast<std::uint32_t>(*raw) >> 24 == 0xC8) continue;
    hatch.fill_color = color_of_raw(*raw);
    hatch.has_fill_color = true;
  }
}

void turn_angles_into_parameters(Hatch& hatch) {
  for (HatchLoop& loop : hatch.loops)
    for (HatchEdge& edge : loop.edges)
      if (auto* ellipse = std::get_if<HatchEllipseEdge>(&edge); ellipse && ellipse->ratio != 1) {
        ellipse->start_angle_deg = parameter_deg(ellipse->start_angle_deg, ellipse->ratio);
        ellipse->end_angle_deg = parameter_deg(ellipse->end_angle_deg, ellipse->ratio);
      }
}

}  // namespace cad::acad
