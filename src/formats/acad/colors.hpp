// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/aci.hpp"
#include "model/style.hpp"

namespace cad::acad {

// The 32-bit colors of MULTILEADER and other newer entities: the high byte says what the rest is.
inline Color color_of_raw(std::int64_t value) {
  const auto bits = static_cast<std::uint32_t>(value);
  switch (bits >> 24) {
    case 0xC0: return {Color::Kind::by_layer, 7, {}};
    case 0xC2: {
      const auto byte = [&](int shift) { return static_cast<std::uint8_t>(bits >> shift); };
      const Rgb rgb{byte(16), byte(8), byte(0)};
      return {Color::Kind::rgb, nearest_aci(rgb), rgb};
    }
    case 0xC3: {
      const std::uint32_t index = bits & 0xffu;
      if (index == 0) return {Color::Kind::by_block, 7, {}};
      return Color::aci(static_cast<std::uint8_t>(index));
    }
    default: return {Color::Kind::by_block, 7, {}};
  }
}

// Group 62/63 style: 0 by block, 256 by layer, 1..255 an index.
inline Color color_of_aci(std::int64_t value) {
  if (value == 0) return {Color::Kind::by_block, 7, {}};
  if (value >= 1 && value <= 255) return Color::aci(static_cast<std::uint8_t>(value));
  return {};
}

}  // namespace cad::acad
