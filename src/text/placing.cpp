// SPDX-License-Identifier: Apache-2.0
#include "text/placing.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cad::text {
namespace {

constexpr double kRadians = std::numbers::pi / 180;
constexpr double kItalicSlope = 0.21;
constexpr float kEmbolden = 0.03f;

void add_box(Box2& box, const Box2& part, const Affine& map) {
  if (part.empty()) return;
  box.add(map({part.min_x, part.min_y}));
  box.add(map({part.max_x, part.min_y}));
  box.add(map({part.min_x, part.max_y}));
  box.add(map({part.max_x, part.max_y}));
}

bool is_standard(std::string_view name) {
  constexpr std::string_view kName = "standard";
  return std::equal(name.begin(), name.end(), kName.begin(), kName.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// Where the bytes end that the glyphs [begin, end) stand for: `last` is their last cluster.
std::size_t end_of_cluster(const ShapedText& shaped, std::size_t begin, std::size_t end,
                           std::uint32_t last, std::string_view text) {
  if (end < shaped.glyphs.size() && shaped.glyphs[end].cluster > last) {
    return shaped.glyphs[end].cluster;
  }
  if (begin > 0 && shaped.glyphs[begin - 1].cluster > last) return shaped.glyphs[begin - 1].cluster;
  return text.size();
}

}  // namespace

Affine translation(double x, double y) { return {1, 0, 0, 1, x, y}; }

Affine rotation(double radians) {
  const double c = std::cos(radians), s = std::sin(radians);
  return {c, s, -s, c, 0, 0};
}

Affine text_scale(double height, double width_factor, double oblique_deg) {
  const double slope = std::tan(std::clamp(oblique_deg, -85.0, 85.0) * kRadians);
  return {height * width_factor, 0, height * slope, height, 0, 0};
}

const TextStyle& style_of(const Drawing& drawing, TextStyleId id) {
  static const TextStyle standard;
  const std::vector<TextStyle>& styles = drawing.text_styles;
  if (id.index < styles.size()) return styles[id.index];
  constexpr std::size_t kSearched = 32;  // the default style comes first in every real table
  for (std::size_t i = 0; i < std::min(styles.size(), kSearched); ++i) {
    if (is_standard(styles[i].name)) return styles[i];
  }
  return standard;
}

void Placer::place(const ShapedText& shaped, const FontChoice& font, const Affine& to_plane,
                   std::string_view text, std::optional<Color> color) {
  const std::size_t count = std::min(shaped.glyphs.size(), glyphs_left_);
  glyphs_left_ -= count;
  for (std::size_t i = 0; i < count;) {
    const ShapedGlyph& first = shaped.glyphs[i];
    const double em_y = double{first.em}, em_x = em_y * double{first.squeeze};
    std::size_t end = i + 1;
    while (end < count && shaped.glyphs[end].face == first.face &&
           shaped.glyphs[end].em == first.em && shaped.glyphs[end].squeeze == first.squeeze) {
      ++end;
    }
    PlacedRun& run = out_.runs.emplace_back();
    run.face = first.face;
    const double slope = font.synthetic_italic ? kItalicSlope : 0;
    run.to_plane = to_plane * Affine{em_x, 0, em_y * slope, em_y, 0, 0};
    run.color = color;
    if (font.synthetic_bold) run.embolden = kEmbolden;
    run.glyphs.reserve(end - i);
    std::uint32_t byte_begin = first.cluster, byte_last = first.cluster;
    for (std::size_t k = i; k < end; ++k) {
      const ShapedGlyph& glyph = shaped.glyphs[k];
      const Vec2 origin{glyph.offset.x / em_x - slope * glyph.offset.y / em_x,
                        glyph.offset.y / em_y};
      run.glyphs.push_back({glyph.id, origin});
      Box2 box = glyph.face->extents(glyph.id);
      if (!box.empty()) {
        box = {box.min_x + origin.x, box.min_y + origin.y, box.max_x + origin.x,
               box.max_y + origin.y};
        add_box(out_.box, box, run.to_plane);
      }
      byte_begin = std::min(byte_begin, glyph.cluster);
      byte_last = std::max(byte_last, glyph.cluster);
    }
    const std::size_t byte_end = end_of_cluster(shaped, i, end, byte_last, text);
    if (byte_begin < byte_end) run.text = text.substr(byte_begin, byte_end - byte_begin);
    i = end;
  }
}

void Placer::rule(const Affine& to_plane, double x0, double x1, double y, double thickness,
                  std::optional<Color> color) {
  const double half = thickness / 2;
  PlacedRule rule{{to_plane({x0, y - half}), to_plane({x1, y - half}), to_plane({x1, y + half}),
                   to_plane({x0, y + half})},
                  color};
  for (const Vec2 corner : rule.corners) out_.box.add(corner);
  out_.rules.push_back(rule);
}

void Placer::line(Vec2 from, Vec2 to, double thickness, std::optional<Color> color) {
  const Vec2 along = to - from;
  const double long_enough = length(along);
  if (!(long_enough > 0)) return;
  const Affine map = translation(from.x, from.y) * rotation(std::atan2(along.y, along.x));
  rule(map, 0, long_enough, 0, thickness, color);
}

}  // namespace cad::text
