// SPDX-License-Identifier: Apache-2.0
// Where a sheet's view lies in the image: one scale for both axes, y turned down.
#pragma once

#include <cstdint>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "base/vec.hpp"
#include "geom/path.hpp"
#include "render/png.hpp"

namespace cad::render {

struct ViewMap {
  std::uint32_t width = 0, height = 0;  // pixels
  Vec2 origin;                          // lower left corner of the view, sheet coordinates
  Vec2 offset;                          // its place in the image, pixels
  double scale = 1;                     // pixels per sheet unit

  // The origin is subtracted first, so drawings far from 0,0 keep their precision.
  Vec2 operator()(Vec2 p) const {
    return {offset.x + (p.x - origin.x) * scale, offset.y - (p.y - origin.y) * scale};
  }
  Vec2 direction(Vec2 v) const { return {v.x * scale, -v.y * scale}; }
  // `map` (anything -> sheet) continued to pixels.
  Affine to_px(const Affine& map) const;
};

// An empty view gives a blank 4:3 image, a point a square, and no side gets shorter than 1/16 of
// the longer one (at least 64 px where the longer side allows). Errors: invalid_argument for a size
// of 0 or a view that is not finite, limit_exceeded above Limits::max_image_px.
Result<ViewMap> fit_view(const Box2& view, const PngOptions& options, const Limits& limits);

}  // namespace cad::render
