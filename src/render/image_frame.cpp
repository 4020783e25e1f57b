// SPDX-License-Identifier: Apache-2.0
#include "render/image_frame.hpp"

#include <agg_gsv_text.h>

#include <algorithm>
#include <cmath>

namespace cad::render {

namespace {

constexpr Ink kFrameInk{0x00909090u, 256};
constexpr Ink kCrossInk{0x00d0d0d0u, 256};
constexpr double kCaptionHeight = 12;    // pixels
constexpr std::size_t kMaxCaption = 60;  // characters

void add(PixelPath& path, Vec2 p, bool straight = true) {
  path.points.push_back(p);
  path.straight.push_back(straight);
  path.box.add(p);
}

PixelPath polyline(std::initializer_list<Vec2> points, bool closed) {
  PixelPath path;
  for (const Vec2 p : points) add(path, p);
  path.parts.push_back({0, path.points.size(), closed});
  return path;
}

// The caption's strokes, from `at` (the baseline's left end) to the right. AGG's stroke font is
// ASCII.
PixelPath caption(std::string_view name, Vec2 at, double& width) {
  std::string text(name.substr(0, kMaxCaption));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  agg::gsv_text letters;
  letters.flip(true);
  letters.size(kCaptionHeight);
  letters.start_point(at.x, at.y);
  letters.text(text.c_str());
  PixelPath path;
  double x = 0, y = 0;
  letters.rewind(0);
  for (unsigned command; !agg::is_stop(command = letters.vertex(&x, &y));) {
    if (agg::is_move_to(command)) {
      if (!path.parts.empty()) path.parts.back().end = path.points.size();
      path.parts.push_back({path.points.size(), 0, false});
    }
    if (!path.parts.empty()) add(path, {x, y}, false);
  }
  if (!path.parts.empty()) path.parts.back().end = path.points.size();
  width = path.box.empty() ? 0 : path.box.width();
  return path;
}

}  // namespace

std::string_view base_name(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

void draw_image_frame(const scene::ImageFrame& frame, const ViewMap& map, LineRaster& lines,
                      const Target& target) {
  const Vec2 a = map(frame.corner), b = map(frame.corner + frame.u),
             c = map(frame.corner + frame.u + frame.v), d = map(frame.corner + frame.v);
  for (const Vec2 p : {a, b, c, d})
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return;
  lines.draw(polyline({a, c}, false), {}, kCrossInk, target);
  lines.draw(polyline({b, d}, false), {}, kCrossInk, target);
  const PixelPath outline = polyline({a, b, c, d}, true);
  lines.draw(outline, {}, kFrameInk, target);

  const std::string_view name = base_name(frame.path);
  const Box2& box = outline.box;
  if (name.empty() || box.height() < 3 * kCaptionHeight) return;
  const Vec2 center{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
  if (!target.contains(static_cast<int>(std::clamp(center.x, -1e6, 1e6)),
                       static_cast<int>(std::clamp(center.y, -1e6, 1e6))))
    return;
  double width = 0;
  caption(name, {0, 0}, width);
  if (width > 0.9 * box.width()) return;
  const Vec2 at{std::round(center.x - width / 2), std::round(center.y + kCaptionHeight / 2)};
  lines.draw(caption(name, at, width), {1.2, true}, kFrameInk, target);
}

}  // namespace cad::render
