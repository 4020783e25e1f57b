// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.hpp"

namespace cad::cli {

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return out;
}

}  // namespace cad::cli
