// SPDX-License-Identifier: Apache-2.0
#include "render/glyph_raster.hpp"

#include <algorithm>
#include <cmath>

#include "render/clip_geometry.hpp"
#include "text/fonts.hpp"

namespace cad::render {

namespace {

constexpr double kMaxCachedEm = 48;    // pixels
constexpr double kMinCapHeight = 1.5;  // pixels; below, text is a bar
constexpr double kMapUnit = 64;        // Key: steps per pixel
constexpr double kEmboldenUnit = 1024;
constexpr std::size_t kMaxCacheBytes = 16u << 20;

// Longest image of a unit vector, or a bit more.
double size_of(const Affine& m) { return std::max(std::hypot(m.a, m.b), std::hypot(m.c, m.d)); }

Box2 widened(const IntRect& box, double by) {
  return {box.x0 - by, box.y0 - by, box.x1 + by, box.y1 + by};
}

bool near(Vec2 p, const IntRect& box, double reach) {
  return p.x > box.x0 - reach && p.x < box.x1 + reach && p.y > box.y0 - reach &&
         p.y < box.y1 + reach;
}

void blend(const Mask& glyph, int x, int y, Ink ink, const Target& target) {
  const IntRect at{glyph.box.x0 + x, glyph.box.y0 + y, glyph.box.x1 + x, glyph.box.y1 + y};
  const IntRect shown = intersection(at, target.box);
  for (int row = shown.y0; row < shown.y1; ++row) {
    const std::uint8_t* cover = glyph.row(row - y) - at.x0;
    for (int col = shown.x0; col < shown.x1; ++col)
      if (cover[col]) target.cover(col, row, ink.color, to_weight(cover[col]) * ink.weight >> 8);
  }
}

// The box of pixels that a path with a stroke of `width` may touch.
IntRect pixel_box(const Box2& box, double width) {
  const auto down = [&](double v) { return static_cast<int>(std::floor(v - width / 2)); };
  const auto up = [&](double v) { return static_cast<int>(std::ceil(v + width / 2)); };
  return {down(box.min_x), down(box.min_y), up(box.max_x), up(box.max_y)};
}

}  // namespace

std::size_t GlyphRaster::Hash::operator()(const Key& key) const {
  const auto half = [](std::int16_t a, std::int16_t b) {
    return static_cast<std::uint64_t>(static_cast<std::uint16_t>(a)) << 16 |
           static_cast<std::uint16_t>(b);
  };
  std::uint64_t h = reinterpret_cast<std::uintptr_t>(key.face);
  const auto add = [&](std::uint64_t v) {
    h = (h ^ v) * 0x9e3779b97f4a7c15ull;
    h ^= h >> 29;
  };
  add(key.glyph | static_cast<std::uint64_t>(key.place) << 32 |
      static_cast<std::uint64_t>(key.embolden) << 48);
  add(half(key.a, key.b) << 32 | half(key.c, key.d));
  return h;
}

void GlyphRaster::draw(const scene::GlyphRun& run, const ViewMap& map, FillRaster& fills,
                       LineRaster& lines, const Target& target) {
  if (!run.face || run.glyphs.empty() || target.box.empty()) return;
  const Affine to_px = map.to_px(run.to_sheet);
  const double em = size_of(to_px);
  if (!std::isfinite(em) || !(em > 0)) return;
  const double cap_height = std::hypot(to_px.c, to_px.d) * run.face->cap_height();
  if (cap_height < kMinCapHeight)
    draw_bars(run, to_px, lines, target);
  else if (em <= kMaxCachedEm)
    draw_small(run, to_px, fills, target);
  else
    draw_large(run, to_px, fills, target);
}

void GlyphRaster::draw_small(const scene::GlyphRun& run, const Affine& to_px, FillRaster& fills,
                             const Target& target) {
  const Ink ink = to_ink(run.color);
  const auto fixed = [](double v) { return static_cast<std::int16_t>(std::lround(v * kMapUnit)); };
  Key key{run.face,
          0,
          fixed(to_px.a),
          fixed(to_px.b),
          fixed(to_px.c),
          fixed(to_px.d),
          0,
          static_cast<std::uint16_t>(
              std::lround(std::clamp<double>(run.embolden, 0, 0.5) * kEmboldenUnit))};
  // The baseline of level text is set on whole pixels: crisper, and fewer bitmaps.
  const bool level_x = key.a == 0 && key.d == 0, level_y = key.b == 0 && key.c == 0;
  const double reach = 4 * kMaxCachedEm;
  for (const Glyph& glyph : run.glyphs) {
    const Vec2 p = to_px(glyph.origin);
    if (!near(p, target.box, reach)) continue;
    const auto quarters = [](double v, bool whole) {
      return static_cast<int>(whole ? 4 * std::floor(v + 0.5) : std::floor(v * 4 + 0.5));
    };
    const int x4 = quarters(p.x, level_x), y4 = quarters(p.y, level_y);
    key.glyph = glyph.id;
    key.place = static_cast<std::uint16_t>((x4 & 3) + 4 * (y4 & 3));
    const Mask& mask = bitmap(key, fills);
    if (!work_.take(cost::kGlyph + mask.cover.size() * cost::kGlyphPixel)) return;
    blend(mask, x4 >> 2, y4 >> 2, ink, target);
  }
}

const Mask& GlyphRaster::bitmap(const Key& key, FillRaster& fills) {
  if (const auto found = cache_.find(key); found != cache_.end()) return found->second;
  if (cache_bytes_ > kMaxCacheBytes) {
    cache_.clear();
    cache_bytes_ = 0;
  }
  const Affine m{key.a / kMapUnit, key.b / kMapUnit,      key.c / kMapUnit,
                 key.d / kMapUnit, (key.place & 3) / 4.0, (key.place >> 2) / 4.0};
  constexpr int kFar = static_cast<int>(8 * kMaxCachedEm);  // a larger glyph is cut
  flatten_to_px(key.face->outline(key.glyph), m, {-kFar, -kFar, kFar, kFar}, path_);
  limit_area({-kFar, -kFar, kFar, kFar}, path_);
  Mask glyph;
  if (!path_.parts.empty()) {
    const double width = key.embolden / kEmboldenUnit * size_of(m);
    const IntRect box = intersection(pixel_box(path_.box, width), {-kFar, -kFar, kFar, kFar});
    if (!box.empty()) glyph = fills.mask(path_, scene::FillRule::non_zero, box);
    if (!box.empty() && width > 0) fills.widen(path_, width, glyph);
  }
  cache_bytes_ += glyph.cover.size() + sizeof(Mask) + sizeof(Key) + 32;
  return cache_.emplace(key, std::move(glyph)).first->second;
}

void GlyphRaster::draw_large(const scene::GlyphRun& run, const Affine& to_px, FillRaster& fills,
                             const Target& target) {
  const Ink ink = to_ink(run.color);
  const double em = size_of(to_px);
  const double width = std::clamp<double>(run.embolden, 0, 0.5) * em;
  const Box2 visible = widened(target.box, 1);
  for (const Glyph& glyph : run.glyphs) {
    const Vec2 p = to_px(glyph.origin);
    if (!near(p, target.box, 4 * em)) continue;
    if (work_.used_up()) return;
    const Affine m{to_px.a, to_px.b, to_px.c, to_px.d, p.x, p.y};
    flatten_to_px(run.face->outline(glyph.id), m, visible, path_);
    limit_area(target.box, path_);
    fills.fill(path_, scene::FillRule::non_zero, ink, target);
    if (width > 0.1) fills.stroke(path_, {width, true}, ink, target);
  }
}

void GlyphRaster::draw_bars(const scene::GlyphRun& run, const Affine& to_px, LineRaster& lines,
                            const Target& target) {
  // About the share of a text line's area that ink covers.
  constexpr double kInkShare = 0.45;
  Ink ink = to_ink(run.color);
  ink.weight = static_cast<std::uint32_t>(ink.weight * kInkShare);
  const double middle = run.face->cap_height() / 2;
  const auto bar = [&](Vec2 from, Vec2 to) {
    path_.clear();
    for (const Vec2 p : {to_px(from), to_px(to)}) {
      path_.points.push_back(p);
      path_.straight.push_back(0);
      path_.box.add(p);
    }
    path_.parts.push_back({0, 2, false});
    const IntRect& box = target.box;
    if (path_.box.max_x < box.x0 || path_.box.min_x > box.x1 || path_.box.max_y < box.y0 ||
        path_.box.min_y > box.y1)
      return;
    lines.draw(path_, {1, true}, ink, target);
  };
  Vec2 from, to;
  bool open = false;
  for (const Glyph& glyph : run.glyphs) {
    if (run.face->outline(glyph.id).empty()) {
      if (open) bar(from, to);
      open = false;
      continue;
    }
    if (!open) from = glyph.origin + Vec2{0, middle};
    open = true;
    to = glyph.origin + Vec2{run.face->advance(glyph.id), middle};
  }
  if (open) bar(from, to);
}

}  // namespace cad::render
