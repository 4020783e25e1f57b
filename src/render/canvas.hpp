// SPDX-License-Identifier: Apache-2.0
// The image while it is drawn: 32 bits a pixel (red in the low byte), rows from the top.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/huge_pages.hpp"
#include "model/style.hpp"
#include "scene/sink.hpp"

namespace cad::render {

using Pixel = std::uint32_t;

inline Pixel to_pixel(Rgb c) {
  return static_cast<Pixel>(c.r) | static_cast<Pixel>(c.g) << 8 | static_cast<Pixel>(c.b) << 16;
}
inline Pixel to_pixel(scene::Rgba c) { return to_pixel(Rgb{c.r, c.g, c.b}); }

// An 8-bit value as a weight 0..256, so that full weight replaces exactly.
inline std::uint32_t to_weight(std::uint32_t byte) { return byte + (byte >> 7); }

// `under` covered by `color` with weight 0..256.
inline Pixel mix(Pixel under, Pixel color, std::uint32_t weight) {
  constexpr Pixel kRedBlue = 0x00ff00ffu, kGreen = 0x0000ff00u;
  const std::uint32_t rest = 256 - weight;
  const Pixel red_blue = ((under & kRedBlue) * rest + (color & kRedBlue) * weight) >> 8 & kRedBlue;
  const Pixel green = ((under & kGreen) * rest + (color & kGreen) * weight) >> 8 & kGreen;
  return red_blue | green;
}

// Pixels [x0, x1) x [y0, y1).
struct IntRect {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool empty() const { return x0 >= x1 || y0 >= y1; }
  int width() const { return x1 - x0; }
  int height() const { return y1 - y0; }
  friend bool operator==(const IntRect&, const IntRect&) = default;
};
inline IntRect intersection(const IntRect& a, const IntRect& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

struct Canvas {
  int width = 0, height = 0;
  std::vector<Pixel, HugePages<Pixel>> pixels;

  Pixel* row(int y) { return pixels.data() + static_cast<std::size_t>(y) * width; }
  const Pixel* row(int y) const { return pixels.data() + static_cast<std::size_t>(y) * width; }
};

// Coverage 0..255 of a general clip inside `box`.
struct Mask {
  IntRect box;
  std::vector<std::uint8_t> cover;

  const std::uint8_t* row(int y) const {
    return cover.data() + static_cast<std::size_t>(y - box.y0) * box.width();
  }
  std::uint8_t* row(int y) {
    return cover.data() + static_cast<std::size_t>(y - box.y0) * box.width();
  }
};

// Where a run of equal pixels that starts at `p` ends; most of a drawing is background.
inline const Pixel* run_end(const Pixel* p, const Pixel* end) {
  const Pixel color = *p++;
  if (p == end || *p != color) return p;
  const std::uint64_t two = static_cast<std::uint64_t>(color) << 32 | color;
  for (; end - p >= 4; p += 4) {
    std::uint64_t low, high;
    std::memcpy(&low, p, 8);
    std::memcpy(&high, p + 2, 8);
    if (((low ^ two) | (high ^ two)) != 0) break;
  }
  while (p < end && *p == color) ++p;
  return p;
}

// What drawing is aimed at: the canvas inside the current clip. `box` lies in the canvas, and in
// the mask's box where there is a mask.
struct Target {
  Canvas& canvas;
  IntRect box;
  const Mask* mask = nullptr;

  // Covers one pixel of the box.
  void cover(int x, int y, Pixel color, std::uint32_t weight) const {
    if (mask) weight = weight * to_weight(mask->row(y)[x - mask->box.x0]) >> 8;
    Pixel& pixel = canvas.row(y)[x];
    pixel = mix(pixel, color, weight);
  }
  bool contains(int x, int y) const {
    return x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1;
  }
};

struct Ink {
  Pixel color = 0;
  std::uint32_t weight = 256;  // 0..256
};
inline Ink to_ink(scene::Rgba c) { return {to_pixel(c), to_weight(c.a)}; }

}  // namespace cad::render
