// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "scene/families.hpp"
#include "scene/hatch_boundary.hpp"
#include "scene/hatch_lines.hpp"

namespace cad::scene::detail {
namespace {

constexpr std::uint8_t kTintAlpha = 96;  // stands for lines too dense to be drawn one by one

Rgba mix(Rgba a, Rgba b, float f) {
  const auto channel = [f](std::uint8_t p, std::uint8_t q) {
    return static_cast<std::uint8_t>(
        std::lround(static_cast<float>(p) + (static_cast<float>(q) - static_cast<float>(p)) * f));
  };
  return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b), a.a};
}

// The colors from one side to the other (radial: from the center outwards).
void set_stops(Gradient& out, const HatchGradient& gradient, Rgba look) {
  Rgba first = look, second = look;
  if (!gradient.stops.empty()) {
    const Rgb c = gradient.stops.front().color;
    first = {c.r, c.g, c.b, look.a};
    const Rgb d = gradient.stops.back().color;
    second = {d.r, d.g, d.b, look.a};
  }
  if (gradient.one_color || gradient.stops.size() < 2) {
    // Tint 0 mixes with black, 1 with white.
    const auto level =
        static_cast<std::uint8_t>(std::lround(std::clamp(gradient.tint, 0.0, 1.0) * 255));
    second = {level, level, level, look.a};
  }
  const std::string_view name = gradient.name;
  const bool inverse = name.starts_with("INV");
  if (inverse) std::swap(first, second);
  if (name.ends_with("CYLINDER")) {
    out.stops = {{0, first}, {0.5f, second}, {1, first}};
  } else if (name.ends_with("SPHERICAL") || name.ends_with("CURVED")) {
    // From the rim's color in the middle outwards.
    if (out.radial) std::swap(first, second);
    out.stops = {{0, first}, {0.5f, mix(first, second, 0.5f)}, {1, second}};
  } else {
    out.stops = {{0, first}, {1, second}};
  }
}

// In the hatch's plane; mapped to the sheet by the caller.
Gradient make_gradient(const HatchGradient& gradient, const Box2& box, Rgba look) {
  Gradient out;
  const std::string_view name = gradient.name;
  out.radial = name.ends_with("SPHERICAL");
  const Vec2 d{std::cos(gradient.angle), std::sin(gradient.angle)};
  Vec2 center{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
  const double half = (std::abs(d.x) * box.width() + std::abs(d.y) * box.height()) / 2;
  // Shift 0 is centered; 1 moves the light to the upper left.
  const double shift = std::clamp(gradient.shift, 0.0, 1.0);
  if (out.radial) {
    center = center + Vec2{-box.width(), box.height()} * (shift / 4);
    if (name.ends_with("HEMISPHERICAL")) center.y = box.min_y;
    const double radius = std::hypot(box.width(), box.height()) / 2;
    out.from = center;
    out.to = center + Vec2{name.ends_with("HEMISPHERICAL") ? radius * 1.5 : radius, 0};
  } else {
    center = center - d * (half * shift / 2);
    out.from = center - d * half;
    out.to = center + d * half;
  }
  set_stops(out, gradient, look);
  return out;
}

void fill_area(Emitter& out, const Hatch& hatch, const HatchBoundary& boundary,
               const Affine& plane) {
  out.path = transformed(boundary.path, plane);
  if (!hatch.gradient.active) return out.fill(out.path, boundary.rule, out.look.color);
  Gradient gradient = make_gradient(hatch.gradient, extents(boundary.path), out.look.color);
  gradient.from = plane(gradient.from);
  gradient.to = plane(gradient.to);
  out.fill(out.path, boundary.rule, Brush{gradient.stops.front().color, &gradient});
}

void draw_pattern(Emitter& out, const Hatch& hatch, const HatchBoundary& boundary,
                  const Affine& plane) {
  Path lines;
  const std::size_t most = out.context.limits.max_hatch_lines;
  const auto pieces =
      static_cast<std::size_t>(std::min<std::uint64_t>(most * 4, out.detail_left()));
  PatternBudget budget{most, pieces};
  const bool all = add_pattern_lines(boundary.path, boundary.rule, hatch.pattern, budget, lines);
  out.spend_detail(pieces - budget.pieces);
  if (!all) {
    if (pieces < most * 4) out.warn_of_lost_detail();
    Rgba tint = out.look.color;
    tint.a = static_cast<std::uint8_t>(tint.a * kTintAlpha / 255);
    out.path = transformed(boundary.path, plane);
    return out.fill(out.path, boundary.rule, tint);
  }
  transform(lines, plane);
  out.stroke_plain(lines);
}

// Everything but the boxes around texts, as an even-odd area.
Path without_boxes(const HatchBoundary& boundary, const Affine& plane) {
  const Path seen = transformed(boundary.path, plane);
  Path out = transformed(boundary.text_boxes, plane);
  Box2 box = extents(seen);
  box.add(extents(out));
  const double margin = std::max(box.width(), box.height()) + 1;
  out.move_to({box.min_x - margin, box.min_y - margin});
  out.line_to({box.max_x + margin, box.min_y - margin});
  out.line_to({box.max_x + margin, box.max_y + margin});
  out.line_to({box.min_x - margin, box.max_y + margin});
  out.close();
  return out;
}

void draw_inside(Emitter& out, const Hatch& hatch, const HatchBoundary& boundary,
                 const Affine& plane) {
  if (hatch.is_mpolygon) {
    if (hatch.has_fill_color) {
      const Rgba saved = out.look.color;
      out.look.color = out.resolve(hatch.fill_color);
      fill_area(out, hatch, boundary, plane);
      out.look.color = saved;
    }
    out.path = transformed(boundary.path, plane);
    out.stroke_plain(out.path);
  }
  if (!out.drawing().header.fill_mode) return;
  if (hatch.solid || hatch.gradient.active) {
    if (!hatch.is_mpolygon) fill_area(out, hatch, boundary, plane);
    return;
  }
  draw_pattern(out, hatch, boundary, plane);
}

}  // namespace

void draw(Emitter& out, const Indirect<Hatch>& hatch, const Entity& entity) {
  const HatchBoundary boundary = hatch_boundary(*hatch);
  if (boundary.path.empty() || !out.spend(boundary.path.verbs.size() / 16)) return;
  const Affine plane = out.frame.view.plane(Ocs(entity.normal), hatch->elevation);
  if (out.measuring()) {
    out.path = transformed(boundary.path, plane);
    return out.stroke_plain(out.path);
  }
  if (boundary.text_boxes.empty()) return draw_inside(out, *hatch, boundary, plane);
  out.sink->push_clip(without_boxes(boundary, plane));
  draw_inside(out, *hatch, boundary, plane);
  out.sink->pop_clip();
}

}  // namespace cad::scene::detail
