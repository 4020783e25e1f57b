// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/dim_overrides.hpp"

#include <optional>
#include <string_view>

#include "formats/acad/colors.hpp"
#include "formats/acad/xdata.hpp"

namespace cad::acad {
namespace {

// One override: the group code that the variable has in DIMSTYLE, and its value.
void take_override(std::int64_t code, const XdataItem& item, double most, DimOverrides& o) {
  const double* real = std::get_if<double>(&item.value);
  const std::int64_t* whole = std::get_if<std::int64_t>(&item.value);
  const std::string* hex = std::get_if<std::string>(&item.value);
  const auto set_real = [&](std::optional<double>& to) {
    if (real) to = bounded(*real, most);
  };
  const auto set_whole = [&](std::optional<std::int16_t>& to) {
    if (whole) to = static_cast<std::int16_t>(*whole);
  };
  const auto set_color = [&](std::optional<Color>& to) {
    if (whole) to = color_of_aci(*whole);
  };
  const auto set_handle = [&](std::optional<Handle>& to) {
    if (hex) to = handle_of(*hex);
  };
  switch (code) {
    case 40: set_real(o.scale); break;
    case 41: set_real(o.arrow_size); break;
    case 42: set_real(o.extension_offset); break;
    case 44: set_real(o.extension_beyond); break;
    case 140: set_real(o.text_height); break;
    case 144: set_real(o.linear_factor); break;
    case 147: set_real(o.text_gap); break;
    case 77: set_whole(o.text_above); break;
    case 176: set_color(o.line_color); break;
    case 177: set_color(o.extension_color); break;
    case 178: set_color(o.text_color); break;
    case 271: set_whole(o.decimal_places); break;
    case 277: set_whole(o.linear_unit); break;
    case 340: set_handle(o.text_style); break;
    case 341: set_handle(o.leader_arrow); break;
    case 342: set_handle(o.arrow); break;
    case 343: set_handle(o.arrow1); break;
    case 344: set_handle(o.arrow2); break;
    default: return;
  }
  o.any = true;
}

}  // namespace

DimOverrides dim_overrides(std::span<const XdataItem> items, double max_coordinate) {
  DimOverrides overrides;
  std::size_t i = 0;
  const auto says = [&](std::string_view word) {
    const std::string* text = std::get_if<std::string>(&items[i].value);
    return text && *text == word;
  };
  while (i < items.size() && !says("DSTYLE")) ++i;
  i += 2;
  for (; i + 1 < items.size() && !says("}"); i += 2) {
    if (const std::int64_t* code = std::get_if<std::int64_t>(&items[i].value))
      take_override(*code, items[i + 1], max_coordinate, overrides);
  }
  return overrides;
}

}  // namespace cad::acad
