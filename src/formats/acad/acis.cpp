// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/acis.hpp"

namespace cad::acad {

void decipher_sat(std::string_view text, std::string& out) {
  for (const char c : text) out += c > 32 && c < 127 ? static_cast<char>(159 - c) : c;
}

}  // namespace cad::acad
