// SPDX-License-Identifier: Apache-2.0
// The names by which drawings ask for fonts -> open stand-ins.
#pragma once

#include <string>
#include <string_view>

#include "text/tables/font_families.hpp"

namespace cad::text {

struct FontWish {
  StandIn stand_in = StandIn::sans;
  double digit = 0;    // as FamilyRow
  double descent = 0;  // as FamilyRow
  const ShxCells* shx = nullptr;
  bool bold = false, italic = false;
  bool known = false;
};

// "Arial", "arialbd.ttf", "C:\\FONTS\\romans.shx", "txt". Without extension an SHX font's name
// comes first, then families; unknown ones are judged by their words.
FontWish find_font(std::string_view family_or_file);

}  // namespace cad::text
