// SPDX-License-Identifier: Apache-2.0
// Nested clips: rectangles parallel to the axes stay rectangles, others become 8-bit masks of their
// box.
#pragma once

#include <memory>
#include <vector>

#include "render/canvas.hpp"
#include "render/fills.hpp"
#include "render/flatten.hpp"

namespace cad::render {

class ClipStack {
 public:
  explicit ClipStack(const IntRect& image);

  // Clips to the even-odd path as well as to what holds already.
  void push(const PixelPath& path, FillRaster& raster);
  void pop();  // more pops than pushes are ignored

  const IntRect& box() const { return levels_.back().box; }
  const Mask* mask() const { return levels_.back().mask.get(); }

 private:
  struct Level {
    IntRect box;
    std::shared_ptr<const Mask> mask;
  };
  std::vector<Level> levels_;
  std::size_t mask_bytes_ = 0;  // of all masks held
  std::size_t max_mask_bytes_;
  std::size_t too_deep_ = 0;  // pushes that only nest
};

}  // namespace cad::render
