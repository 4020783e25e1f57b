// SPDX-License-Identifier: Apache-2.0
// Thin antialiased polylines by coverage, column by column (row by row where steeper than 45
// degrees): most of a drawing is hairlines, and this is several times faster than filling outlines.
#pragma once

#include <span>
#include <vector>

#include "base/vec.hpp"
#include "render/canvas.hpp"
#include "render/flatten.hpp"
#include "render/work.hpp"

namespace cad::render {

inline constexpr double kThinWidth = 2.5;  // pixels; wider strokes need real joins and caps

struct LineStyle {
  double width = 1;   // pixels, 1..kThinWidth
  bool butt = false;  // ends stop at the points (dashes); else they cover the end's pixel
};

class LineRaster {
 public:
  explicit LineRaster(Work& work) : work_(work) {}

  // Draws every part of the path. Straight pieces parallel to an axis are set on whole pixels, so
  // they are crisp. Anything smaller than a pixel still leaves a dot.
  // Draws nothing once the work is used up.
  void draw(const PixelPath& path, const LineStyle& style, Ink ink, const Target& target);

 private:
  void draw_part(const PixelPath& path, const PixelPath::Part& part, const LineStyle& style,
                 Ink ink, const Target& target);

  Work& work_;
  std::vector<Vec2> kept_;
  std::vector<std::uint8_t> kept_straight_;
};

// One dot of at most a pixel: `weight` 0..1 of the ink.
void draw_dot(Vec2 p, double weight, Ink ink, const Target& target);

}  // namespace cad::render
