// SPDX-License-Identifier: Apache-2.0
#include "render/clip_stack.hpp"

#include <algorithm>
#include <cmath>

namespace cad::render {

namespace {

constexpr std::size_t kMaxDepth = 1000;

// Rounded so that a pixel belongs where its center lies.
int edge(double v, int lo, int hi) {
  return static_cast<int>(std::lround(std::clamp<double>(v, lo, hi)));
}

bool is_rectangle(const PixelPath& path) {
  if (path.parts.size() != 1) return false;
  auto points = path.of(path.parts[0]);
  if (points.size() == 5 && points[0] == points[4]) points = points.first(4);
  if (points.size() != 4) return false;
  const bool along_x = points[0].y == points[1].y;
  for (std::size_t i = 0; i < 4; ++i) {
    const Vec2 a = points[i], b = points[(i + 1) % 4];
    if ((i % 2 == 0) == along_x ? a.y != b.y : a.x != b.x) return false;
  }
  return true;
}

}  // namespace

ClipStack::ClipStack(const IntRect& image)
    : levels_{{image, nullptr}},
      max_mask_bytes_(8 * static_cast<std::size_t>(image.width()) * image.height()) {}

void ClipStack::push(const PixelPath& path, FillRaster& raster) {
  if (levels_.size() >= kMaxDepth) {
    ++too_deep_;
    return;
  }
  const Level& outer = levels_.back();
  const IntRect& within = outer.box;
  Level level{{}, outer.mask};
  if (!path.box.empty() && !within.empty()) {
    const bool exact = is_rectangle(path);
    const double slack = exact ? 0 : 0.5;  // a mask needs every pixel that is touched
    level.box = {edge(path.box.min_x - slack, within.x0, within.x1),
                 edge(path.box.min_y - slack, within.y0, within.y1),
                 edge(path.box.max_x + slack, within.x0, within.x1),
                 edge(path.box.max_y + slack, within.y0, within.y1)};
    const std::size_t bytes =
        level.box.empty() ? 0 : static_cast<std::size_t>(level.box.width()) * level.box.height();
    // Beyond the cap (absurdly many nested shapes) the box alone clips.
    if (!exact && bytes > 0 && mask_bytes_ + bytes <= max_mask_bytes_) {
      auto mask = std::make_shared<Mask>(raster.mask(path, scene::FillRule::even_odd, level.box));
      for (int y = level.box.y0; outer.mask && y < level.box.y1; ++y) {
        std::uint8_t* row = mask->row(y);
        const std::uint8_t* outer_row = outer.mask->row(y) + (level.box.x0 - outer.mask->box.x0);
        for (int i = 0; i < level.box.width(); ++i)
          row[i] = static_cast<std::uint8_t>(row[i] * outer_row[i] / 255);
      }
      mask_bytes_ += bytes;
      level.mask = std::move(mask);
    }
  }
  levels_.push_back(std::move(level));
}

void ClipStack::pop() {
  if (too_deep_ > 0) {
    --too_deep_;
    return;
  }
  if (levels_.size() == 1) return;
  const auto& mask = levels_.back().mask;
  if (mask && mask != levels_[levels_.size() - 2].mask) mask_bytes_ -= mask->cover.size();
  levels_.pop_back();
}

}  // namespace cad::render
