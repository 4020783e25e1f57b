// SPDX-License-Identifier: Apache-2.0
// The symbol font of geometric dimensioning and tolerancing: letters of gdt.shx -> Unicode.
#pragma once

#include <string>
#include <string_view>

namespace cad::text {

bool is_gdt_font(std::string_view font);  // gdt, gdt.shx, amgdt ...
std::string gdt_symbols(std::string_view letters);

}  // namespace cad::text
