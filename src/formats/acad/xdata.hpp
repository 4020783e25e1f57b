// SPDX-License-Identifier: Apache-2.0
// What the readers of extended data share.
#pragma once

#include <charconv>
#include <string_view>

#include "base/vec.hpp"
#include "model/ids.hpp"

namespace cad::acad {

// A handle inside a string: hexadecimal; 0 when it is none.
inline Handle handle_of(std::string_view hex) {
  Handle handle = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), handle, 16);
  return handle;
}

// Extended data takes any finite number; what becomes geometry is held to the limit of coordinates.
inline double bounded(double value, double most) {
  return value <= most && value >= -most ? value : 0;
}

}  // namespace cad::acad
