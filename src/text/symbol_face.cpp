// SPDX-License-Identifier: Apache-2.0
#include "text/symbol_face.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "text/tables/symbol_strokes.hpp"

namespace cad::text {
namespace {

constexpr double kPen = 0.08, kHalfPen = kPen / 2;
constexpr double kSide = 0.12;  // blank on either side
constexpr double kPi = std::numbers::pi;

auto strokes_of(char32_t code) {
  return std::equal_range(
      kSymbolStrokes.begin(), kSymbolStrokes.end(),
      SymbolStroke{static_cast<char16_t>(code), 'l', 0, 0, 0, 0},
      [](const SymbolStroke& a, const SymbolStroke& b) { return a.symbol < b.symbol; });
}

void add_line(Path& path, Vec2 from, Vec2 to) {
  const Vec2 along = (to - from) * (kHalfPen / length(to - from));
  const Vec2 across{-along.y, along.x};
  path.move_to(from - along - across);
  path.line_to(to + along - across);
  path.line_to(to + along + across);
  path.line_to(from - along + across);
  path.close();
}

// Quarter turns from `start`, counter-clockwise for positive counts.
void add_arc(Path& path, Vec2 center, double radius, double start, int quarters) {
  const double sign = quarters > 0 ? 1 : -1;
  const double reach = 4.0 / 3 * std::tan(kPi / 8) * radius * sign;
  for (int i = 0; i < std::abs(quarters); ++i) {
    const double t0 = start + sign * i * kPi / 2, t1 = t0 + sign * kPi / 2;
    const Vec2 u0{std::cos(t0), std::sin(t0)}, u1{std::cos(t1), std::sin(t1)};
    const Vec2 end = center + u1 * radius;
    path.cubic_to(center + u0 * radius + Vec2{-u0.y, u0.x} * reach, end - Vec2{-u1.y, u1.x} * reach,
                  end);
  }
}

void add_circle(Path& path, Vec2 center, double radius) {
  const double outer = radius + kHalfPen, inner = radius - kHalfPen;
  path.move_to(center + Vec2{outer, 0});
  add_arc(path, center, outer, 0, 4);
  path.close();
  path.move_to(center + Vec2{inner, 0});
  add_arc(path, center, inner, 0, -4);
  path.close();
}

void add_upper_half(Path& path, Vec2 center, double radius) {
  const double outer = radius + kHalfPen, inner = radius - kHalfPen;
  path.move_to(center + Vec2{outer, 0});
  add_arc(path, center, outer, 0, 2);
  path.line_to(center - Vec2{inner, 0});
  add_arc(path, center, inner, kPi, -2);
  path.close();
}

}  // namespace

std::uint32_t SymbolFace::glyph_of(char32_t code) const {
  if (code > 0xFFFF) return 0;
  const auto [first, last] = strokes_of(code);
  return first == last ? 0 : code;
}

double SymbolFace::advance(std::uint32_t glyph) const {
  return glyph_of(glyph) == 0 ? 0 : 1 + 2 * kSide;
}

const Path& SymbolFace::outline(std::uint32_t glyph) const {
  static const Path blank;
  if (glyph_of(glyph) == 0) return blank;
  const auto [slot, fresh] = outlines_.try_emplace(glyph);
  if (!fresh) return slot->second;
  const auto [first, last] = strokes_of(glyph);
  for (auto stroke = first; stroke != last; ++stroke) {
    const Vec2 start{kSide + double{stroke->a}, double{stroke->b}};
    if (stroke->kind == 'l') {
      add_line(slot->second, start, {kSide + double{stroke->c}, double{stroke->d}});
    } else if (stroke->kind == 'o') {
      add_circle(slot->second, start, double{stroke->c});
    } else {
      add_upper_half(slot->second, start, double{stroke->c});
    }
  }
  return slot->second;
}

}  // namespace cad::text
