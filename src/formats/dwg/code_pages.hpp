// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/encoding.hpp"

namespace cad::dwg {

// The code page numbers of DWG files (at 0x13) as $DWGCODEPAGE names them; "" for unknown ones.
std::string_view code_page_name(std::uint16_t index);
// Unknown ones are read as Windows-1252.
CodePage code_page_of_index(std::uint16_t index);

}  // namespace cad::dwg
