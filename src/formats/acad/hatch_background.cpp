// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/hatch_background.hpp"

#include "formats/acad/colors.hpp"

namespace cad::acad {

// One 1071 with a raw color; 0xC8 means none.
void take_hatch_background(std::span<const XdataItem> items, Hatch& hatch) {
  for (const XdataItem& item : items) {
    const std::int64_t* raw = std::get_if<std::int64_t>(&item.value);
    if (item.code != 1071 || !raw || static_cast<std::uint32_t>(*raw) >> 24 == 0xC8) continue;
    hatch.fill_color = color_of_raw(*raw);
    hatch.has_fill_color = true;
  }
}

}  // namespace cad::acad
