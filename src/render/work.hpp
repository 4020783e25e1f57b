// SPDX-License-Identifier: Apache-2.0
// How much painting one image may take. The costs are nanoseconds as measured on a slow machine
// (bench/bombs.py): only their ratios matter, and that nothing that takes time is free.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "render/canvas.hpp"
#include "render/flatten.hpp"

namespace cad::render {

namespace cost {
inline constexpr std::uint64_t kPoint = 100;      // of a path: mapping, flattening, joining
inline constexpr std::uint64_t kThinEdge = 20;    // a pixel along an edge of a thin line
inline constexpr std::uint64_t kFillEdge = 100;   // of a filled area
inline constexpr std::uint64_t kWideEdge = 150;   // of a wide line, which has two
inline constexpr std::uint64_t kSolidPixel = 1;   // a run of one color
inline constexpr std::uint64_t kMixedPixel = 10;  // coverage, a mask, a gradient
inline constexpr std::uint64_t kGlyph = 50;       // from the cache
inline constexpr std::uint64_t kGlyphPixel = 4;
}  // namespace cost

class Work {
 public:
  explicit Work(std::uint64_t most) : left_(most) {}

  // False: there is no room for it, nor for anything after it.
  bool take(std::uint64_t units) {
    if (units > left_) used_up_ = true;
    left_ -= std::min(units, left_);
    return !used_up_;
  }
  bool used_up() const { return used_up_; }

 private:
  std::uint64_t left_;
  bool used_up_ = false;
};

// What a path's points and edges cost, as far as they can lie in the box.
inline std::uint64_t edges_cost(const PixelPath& path, const IntRect& box, std::uint64_t a_pixel) {
  const double longest = box.width() + box.height();
  double sum = 0;
  for (const PixelPath::Part& part : path.parts) {
    const auto points = path.of(part);
    for (std::size_t i = 1; i < points.size(); ++i) {
      const Vec2 d = points[i] - points[i - 1];
      sum += std::min(std::abs(d.x) + std::abs(d.y), longest);
    }
  }
  return static_cast<std::uint64_t>(sum) * a_pixel + path.points.size() * cost::kPoint;
}

}  // namespace cad::render
