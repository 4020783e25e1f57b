// SPDX-License-Identifier: Apache-2.0
#include "scene/block_boxes.hpp"

#include <bit>

namespace cad::scene::detail {

std::size_t BlockBoxHash::operator()(const BlockBoxKey& key) const {
  std::uint64_t h = key.block * 0x9e3779b97f4a7c15ull + key.layer_state;
  for (const double value : key.linear) {
    h ^= std::bit_cast<std::uint64_t>(value);
    h *= 0xff51afd7ed558ccdull;
    h ^= h >> 32;
  }
  return static_cast<std::size_t>(h);
}

BlockBoxKey make_key(std::uint32_t block, std::uint32_t layer_state, const Projection& view) {
  // Adding zero turns -0 into 0: equal directions have equal keys.
  const auto& [x, y, t] = view;
  return {block, layer_state, {x.x + 0.0, x.y + 0.0, x.z + 0.0, y.x + 0.0, y.y + 0.0, y.z + 0.0}};
}

Box2 map_corners(const Box2& box, const Projection& view) {
  Box2 out;
  if (box.empty()) return out;
  for (const double x : {box.min_x, box.max_x})
    for (const double y : {box.min_y, box.max_y}) out.add(view(Vec3{x, y, 0}));
  return out;
}

}  // namespace cad::scene::detail
