// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace cad {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

// An entity's or layer's color: by layer, by block, an AutoCAD Color Index, or a true color.
struct Color {
  enum class Kind : std::uint8_t { by_layer, by_block, index, rgb };
  Kind kind = Kind::by_layer;
  std::uint8_t index = 7;  // ACI 1..255; for rgb the nearest ACI that the file states (group 62)
  Rgb rgb{};               // only for Kind::rgb
  static Color aci(std::uint8_t i) { return {Kind::index, i, {}}; }
  friend bool operator==(const Color&, const Color&) = default;
};

// Lineweights in 1/100 mm, or one of these.
inline constexpr std::int16_t kLineweightByLayer = -2;
inline constexpr std::int16_t kLineweightByBlock = -3;
inline constexpr std::int16_t kLineweightDefault = -1;

// Transparency as DXF group 440: by layer, by block, or an alpha (255 = opaque).
struct Transparency {
  enum class Kind : std::uint8_t { by_layer, by_block, value };
  Kind kind = Kind::by_layer;
  std::uint8_t alpha = 255;
  friend bool operator==(const Transparency&, const Transparency&) = default;
};

}  // namespace cad
