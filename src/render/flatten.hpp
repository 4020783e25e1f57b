// SPDX-License-Identifier: Apache-2.0
// Paths -> polylines in pixels. Curves get pieces only where they can be seen, so that a circle of
// a million pixels costs no more than what shows of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/vec.hpp"
#include "geom/path.hpp"

namespace cad::render {

// Reused from call to call; clear() keeps the memory.
struct PixelPath {
  struct Part {
    std::size_t begin = 0, end = 0;  // of `points`
    bool closed = false;
  };
  std::vector<Vec2> points;
  std::vector<std::uint8_t> straight;  // per point: the piece that ends here is a straight line
  std::vector<Part> parts;
  Box2 box;  // of the points

  void clear();
  std::span<const Vec2> of(const Part& part) const {
    return std::span(points).subspan(part.begin, part.end - part.begin);
  }
  std::span<const std::uint8_t> straight_of(const Part& part) const {
    return std::span(straight).subspan(part.begin, part.end - part.begin);
  }
};

// Appends nothing: `out` is replaced. `visible` (pixels) is where curves must be smooth; outside it
// a chord may stand in for a curve, without changing what is filled inside. Points that are not
// finite end their part.
template <class Map>
void flatten_to_px(const Path& path, const Map& map, const Box2& visible, PixelPath& out);

}  // namespace cad::render
