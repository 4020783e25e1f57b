// SPDX-License-Identifier: Apache-2.0
#include "scene/outliers.hpp"

#include <algorithm>

namespace cad::scene::detail {
namespace {

constexpr std::size_t kMinInside = 20;
constexpr double kSpread = 50, kShrink = 1000;

double quantile(std::vector<double>& values, double q) {
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

std::vector<std::size_t> find_outliers(std::span<const Box2> boxes) {
  std::vector<double> xs, ys, distances;
  Box2 all;
  for (const Box2& box : boxes) {
    if (box.empty()) continue;
    all.add(box);
    xs.push_back((box.min_x + box.max_x) / 2);
    ys.push_back((box.min_y + box.max_y) / 2);
  }
  if (xs.size() <= kMinInside) return {};
  const Vec2 center{quantile(xs, 0.5), quantile(ys, 0.5)};
  // How far a box reaches from the center, in the worse of the two directions.
  const auto reach = [&](const Box2& box) {
    return std::max(
        {center.x - box.min_x, box.max_x - center.x, center.y - box.min_y, box.max_y - center.y});
  };
  for (const Box2& box : boxes)
    if (!box.empty()) distances.push_back(reach(box));
  const double spread = quantile(distances, 0.9);
  const double whole = std::max(all.width(), all.height());
  if (!(spread * kSpread < whole)) return {};

  std::vector<std::size_t> outside;
  Box2 inside;
  const std::size_t most = std::clamp<std::size_t>(distances.size() / 100, 1, 100);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].empty()) continue;
    if (reach(boxes[i]) <= spread * kSpread)
      inside.add(boxes[i]);
    else
      outside.push_back(i);
    if (outside.size() > most) return {};
  }
  const double kept = std::max(inside.width(), inside.height());
  if (distances.size() - outside.size() < kMinInside || !(kept * kShrink <= whole) || kept <= 0)
    return {};
  return outside;
}

}  // namespace cad::scene::detail
