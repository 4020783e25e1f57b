// SPDX-License-Identifier: Apache-2.0
#include "render/view_map.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace cad::render {

Affine ViewMap::to_px(const Affine& map) const {
  const Vec2 x = direction({map.a, map.b}), y = direction({map.c, map.d});
  const Vec2 at = (*this)({map.e, map.f});
  return {x.x, x.y, y.x, y.y, at.x, at.y};
}

Result<ViewMap> fit_view(const Box2& view, const PngOptions& options, const Limits& limits) {
  const std::uint32_t longer_px = options.longer_side_px;
  if (longer_px == 0) return fail(ErrorCode::invalid_argument, "the image size must not be 0");
  if (longer_px > limits.max_image_px)
    return fail(ErrorCode::limit_exceeded, "the image's longer side may have at most " +
                                               std::to_string(limits.max_image_px) + " pixels");
  ViewMap map;
  if (view.empty()) {
    map.width = longer_px;
    map.height = std::max(1u, longer_px / 4 * 3);
    map.offset = {0, static_cast<double>(map.height)};
    return map;
  }
  const double w = view.width(), h = view.height();
  if (!std::isfinite(w) || !std::isfinite(h))
    return fail(ErrorCode::invalid_argument, "the view's coordinates are not finite");

  const double margin = std::clamp(options.margin, 0.0, 0.45);
  const double longer = std::max(w, h);
  // Below this the view is a point: any scale shows it, and a finite one keeps pixels finite.
  const bool is_point = longer < 1e-50;
  const double content_px = longer_px * (1 - 2 * margin);
  map.scale = is_point ? content_px : content_px / longer;
  const double shortest = std::min<double>(longer_px, std::max(64.0, longer_px / 16.0));
  const auto side = [&](double extent) {
    if (is_point || extent == longer) return longer_px;
    const double px = std::ceil(extent * map.scale + 2 * margin * longer_px);
    return static_cast<std::uint32_t>(std::clamp<double>(px, shortest, longer_px));
  };
  map.width = side(w);
  map.height = side(h);
  map.origin = {view.min_x, view.min_y};
  map.offset.x = (map.width - w * map.scale) / 2;
  map.offset.y = map.height - (map.height - h * map.scale) / 2;
  return map;
}

}  // namespace cad::render
