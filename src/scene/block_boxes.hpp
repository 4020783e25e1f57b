// SPDX-License-Identifier: Apache-2.0
// Extents of a block under the linear part of a projection: an insert's extents are these, shifted.
// Drawings have few different rotations and scales, so most inserts cost one look-up.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "geom/projection.hpp"
#include "scene/box_sink.hpp"

namespace cad::scene::detail {

struct BlockBoxKey {
  std::uint32_t block = 0;
  std::uint32_t layer_state = 0;  // of the inherited layer: 1 off, 2 frozen
  std::array<double, 6> linear{};
  friend bool operator==(const BlockBoxKey&, const BlockBoxKey&) = default;
};

struct BlockBoxHash {
  std::size_t operator()(const BlockBoxKey& key) const;
};

struct BlockBoxCache {
  std::unordered_map<BlockBoxKey, Boxes, BlockBoxHash> known;
  // Set when expanding blocks truly has become too costly: then a block is measured once, as it
  // lies in its own coordinates, and inserts transform the corners of that box.
  bool corners_only = false;
};

BlockBoxKey make_key(std::uint32_t block, std::uint32_t layer_state, const Projection& view);
// The box of the transformed corners.
Box2 map_corners(const Box2& box, const Projection& view);

}  // namespace cad::scene::detail
