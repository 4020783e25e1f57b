// SPDX-License-Identifier: Apache-2.0
#include "text/gdt.hpp"

#include <array>

#include "base/encoding.hpp"

namespace cad::text {
namespace {

// a .. z: angularity, perpendicularity, flatness, profile of a surface, circularity, parallelism,
// cylindricity, circular runout, symmetry, position, profile of a line, least and maximum material
// condition, diameter, square, projected zone, centerline, concentricity, regardless of feature
// size, total runout, straightness, counterbore, countersink, depth, conical taper, slope.
constexpr std::array<char16_t, 26> kSymbols = {
    0x2220, 0x27C2, 0x23E5, 0x2313, 0x25CB, 0x2225, 0x232D, 0x2197, 0x232F,
    0x2316, 0x2312, 0x24C1, 0x24C2, 0x2300, 0x25A1, 0x24C5, 0x2104, 0x25CE,
    0x24C8, 0x2330, 0x23E4, 0x2334, 0x2335, 0x21A7, 0x2332, 0x2333};

}  // namespace

bool is_gdt_font(std::string_view font) {
  std::string name;
  for (const char c : font.substr(0, 16)) {
    name.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  for (const std::string_view known : {"gdt", "amgdt", "amgdtans"}) {
    if (name == known || name == std::string(known) + ".shx") return true;
  }
  return false;
}

std::string gdt_symbols(std::string_view letters) {
  std::string out;
  for (const char c : letters) {
    if (c >= 'a' && c <= 'z') {
      append_utf8(kSymbols[static_cast<std::size_t>(c - 'a')], out);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace cad::text
