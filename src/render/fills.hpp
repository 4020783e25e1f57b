// SPDX-License-Identifier: Apache-2.0
// Filled areas and wide strokes, rasterized by AGG (scanline coverage) and blended here.
#pragma once

#include <cstdint>
#include <memory>

#include "render/canvas.hpp"
#include "render/flatten.hpp"
#include "render/view_map.hpp"
#include "render/work.hpp"
#include "scene/sink.hpp"

namespace cad::render {

struct StrokeShape {
  double width = 1;   // pixels
  bool round = true;  // round joins and ends (plotted lineweights); else miter and butt
};

// Paths come with coordinates that limit_area() has bounded (strokes see to it themselves). Draws
// nothing once the work is used up.
class FillRaster {
 public:
  explicit FillRaster(Work& work);
  ~FillRaster();

  void fill(const PixelPath& path, scene::FillRule rule, Ink ink, const Target& target);
  // `map` takes the gradient's points (sheet) to pixels.
  void fill(const PixelPath& path, scene::FillRule rule, const scene::Gradient& gradient,
            const ViewMap& map, const Target& target);
  void stroke(const PixelPath& path, const StrokeShape& shape, Ink ink, const Target& target);

  // Coverage of the path inside `box`.
  Mask mask(const PixelPath& path, scene::FillRule rule, const IntRect& box);
  // Adds the coverage of the path's outline, `width` wide, to a mask of the path.
  void widen(const PixelPath& path, double width, Mask& mask);

 private:
  struct Agg;
  std::unique_ptr<Agg> agg_;
};

}  // namespace cad::render
