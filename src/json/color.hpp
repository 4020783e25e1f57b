// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json/writer.hpp"
#include "model/style.hpp"

namespace cad::json {

// "#FF0000"
inline void write_hex_color(Writer& w, Rgb c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const char text[] = {'#',
                       kDigits[c.r >> 4],
                       kDigits[c.r & 15],
                       kDigits[c.g >> 4],
                       kDigits[c.g & 15],
                       kDigits[c.b >> 4],
                       kDigits[c.b & 15]};
  w.plain_text({text, sizeof text});
}

}  // namespace cad::json
