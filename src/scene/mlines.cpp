// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr std::uint16_t kFill = 1, kMiters = 2;
constexpr std::uint16_t kStartSquare = 16, kStartRound = 64, kEndSquare = 256, kEndRound = 1024;
constexpr std::uint16_t kNoStartCaps = 4, kNoEndCaps = 8;

// Distance of an element from the vertex along its miter: as stored, or from the style's offset.
double along_miter(const MLine& mline, const MLineStyle& style, const MLineVertex& vertex,
                   std::size_t element) {
  if (element < vertex.line_params.size() && !vertex.line_params[element].empty())
    return vertex.line_params[element][0];
  const Vec3 across{-vertex.direction.y, vertex.direction.x, 0};
  const double slant = dot(across, vertex.miter);
  const double offset = style.elements[element].offset * mline.scale;
  return std::abs(slant) > 1e-6 ? offset / slant : offset;
}

Vec3 point_of(const MLine& mline, const MLineStyle& style, std::size_t vertex,
              std::size_t element) {
  const MLineVertex& v = mline.vertices[vertex];
  return v.position + v.miter * along_miter(mline, style, v, element);
}

// Positions along a segment where the element's line stops and starts (cuts), after the first
// value: on at [1], off at [2], on again ... Without any it runs through.
void add_element_segment(Emitter& out, const MLine& mline, std::size_t vertex, std::size_t element,
                         Vec3 from, Vec3 to, bool& pen_down) {
  const auto& all = mline.vertices[vertex].line_params;
  const bool has_cuts = element < all.size() && all[element].size() > 3;
  const auto& view = out.frame.view;
  if (!has_cuts) {
    if (!pen_down) out.path.move_to(view(from));
    out.path.line_to(view(to));
    pen_down = true;
    return;
  }
  const auto& params = all[element];
  const double size = length(to - from);
  const Vec3 d = size > 0 ? (to - from) * (1 / size) : Vec3{};
  for (std::size_t i = 1; i < params.size(); i += 2) {
    const double start = std::clamp(params[i], 0.0, size);
    const double end = i + 1 < params.size() ? std::clamp(params[i + 1], 0.0, size) : size;
    out.path.move_to(view(from + d * start));
    out.path.line_to(view(from + d * end));
  }
  pen_down = false;
}

void stroke_element(Emitter& out, const MLine& mline, const MLineStyle& style,
                    std::size_t element) {
  out.path.clear();
  bool pen_down = false;
  const std::size_t n = mline.vertices.size();
  const std::size_t segments = mline.closed() ? n : n - 1;
  for (std::size_t i = 0; i < segments; ++i)
    add_element_segment(out, mline, i, element, point_of(mline, style, i, element),
                        point_of(mline, style, (i + 1) % n, element), pen_down);
  const MLineStyle::Element& e = style.elements[element];
  const Look saved = out.look;
  if (e.color.kind != Color::Kind::by_layer) out.set_color(e.color);
  out.look.pen.color = out.look.color;
  if (e.linetype.valid() && e.linetype != kByBlockLinetype)
    out.look.linetype = plain_linetype(out.drawing(), e.linetype);
  out.stroke(out.path);
  out.look = saved;
}

// The outermost elements, by offset.
std::pair<std::size_t, std::size_t> outer_elements(const MLineStyle& style) {
  const auto by_offset = [](const auto& a, const auto& b) { return a.offset < b.offset; };
  const auto [lo, hi] =
      std::minmax_element(style.elements.begin(), style.elements.end(), by_offset);
  return {static_cast<std::size_t>(lo - style.elements.begin()),
          static_cast<std::size_t>(hi - style.elements.begin())};
}

void fill_between(Emitter& out, const MLine& mline, const MLineStyle& style) {
  const auto [low, high] = outer_elements(style);
  const std::size_t n = mline.vertices.size();
  const std::size_t segments = mline.closed() ? n : n - 1;
  const auto at = [&](std::size_t vertex, std::size_t element) {
    return out.frame.view(point_of(mline, style, vertex % n, element));
  };
  out.path.clear();
  for (std::size_t i = 0; i < segments; ++i) {
    out.path.move_to(at(i, low));
    out.path.line_to(at(i + 1, low));
    out.path.line_to(at(i + 1, high));
    out.path.line_to(at(i, high));
    out.path.close();
  }
  out.fill(out.path, FillRule::non_zero, out.resolve(style.fill_color));
}

void cap(Emitter& out, const MLine& mline, const MLineStyle& style, std::size_t vertex, bool square,
         bool round, bool at_start) {
  const auto [low, high] = outer_elements(style);
  const Vec2 a = out.frame.view(point_of(mline, style, vertex, low));
  const Vec2 b = out.frame.view(point_of(mline, style, vertex, high));
  out.path.clear();
  if (square || (style.flags & kMiters) != 0) {
    out.path.move_to(a);
    out.path.line_to(b);
  }
  if (round) {
    const Vec2 center = (a + b) * 0.5, u = (b - a) * 0.5;
    const Vec2 v = Vec2{-u.y, u.x} * (at_start ? 1 : -1);
    out.path.move_to(b);
    out.path.arc_to({center, u, v, 0, std::numbers::pi});
  }
  out.stroke_plain(out.path);
}

}  // namespace

void draw(Emitter& out, const Indirect<MLine>& mline, const Entity&) {
  const std::size_t n = mline->vertices.size();
  if (n < 2) return;
  const MLineStyle* found = find(out.drawing().mline_styles, mline->style);
  MLineStyle plain;  // what STANDARD holds
  plain.elements = {{0.5, {}, {}}, {-0.5, {}, {}}};
  const MLineStyle& style = found != nullptr && !found->elements.empty() ? *found : plain;
  if ((style.flags & kFill) != 0 && out.drawing().header.fill_mode)
    fill_between(out, *mline, style);
  for (std::size_t element = 0; element < style.elements.size(); ++element) {
    if (!out.spend(n / 16)) return;
    stroke_element(out, *mline, style, element);
  }
  if ((style.flags & kMiters) != 0)
    for (std::size_t i = mline->closed() ? 0 : 1; i + (mline->closed() ? 0 : 1) < n; ++i)
      cap(out, *mline, style, i, false, false, false);
  if (mline->closed()) return;
  const auto has = [&](std::uint16_t flag) { return (style.flags & flag) != 0; };
  if ((mline->flags & kNoStartCaps) == 0 && (has(kStartSquare) || has(kStartRound)))
    cap(out, *mline, style, 0, has(kStartSquare), has(kStartRound), true);
  if ((mline->flags & kNoEndCaps) == 0 && (has(kEndSquare) || has(kEndRound)))
    cap(out, *mline, style, n - 1, has(kEndSquare), has(kEndRound), false);
}

}  // namespace cad::scene::detail
