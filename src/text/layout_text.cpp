// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/utf8.hpp"
#include "text/codes.hpp"
#include "text/layout.hpp"
#include "text/placing.hpp"

namespace cad::text {
namespace {

constexpr double kRadians = std::numbers::pi / 180;
// From one character's top to the next in vertical styles, in text heights.
constexpr double kVerticalPitch = 7.0 / 6;

double usable(double value, double otherwise) {
  return std::isfinite(value) && value > 0 ? value : otherwise;
}

// Where the text goes: text space -> OCS is translate(anchor) * rotate * mirror * shift * scale.
struct Frame {
  Vec2 anchor;
  double rotation = 0;  // radians
  double height = 1, width_factor = 1, oblique_deg = 0;
  double shift_x = 0, shift_y = 0;  // of the baseline's start from the anchor, before mirroring
  bool backward = false, upside_down = false;
  Affine to_plane() const {
    const Affine mirror{backward ? -1.0 : 1.0, 0, 0, upside_down ? -1.0 : 1.0, 0, 0};
    return translation(anchor.x, anchor.y) * rotation_of() * mirror *
           translation(shift_x, shift_y) * text_scale(height, width_factor, oblique_deg);
  }
  Affine rotation_of() const { return text::rotation(rotation); }
};

double share_of_width(HAlign align) {
  switch (align) {
    case HAlign::center:
    case HAlign::middle: return 0.5;
    case HAlign::right: return 1;
    case HAlign::left:
    case HAlign::aligned:
    case HAlign::fit: return 0;
  }
  return 0;
}

// The baseline's height above the alignment line, in text heights, downwards positive.
double drop(const Text& text, double descent) {
  if (text.halign == HAlign::middle) return (1 - descent) / 2;
  switch (text.valign) {
    case VAlign::baseline: return 0;
    case VAlign::bottom: return -descent;
    case VAlign::middle: return 0.5;
    case VAlign::top: return 1;
  }
  return 0;
}

// Between two points: aligned scales both ways, fit only the width. False: the points coincide.
bool stretch(const Text& text, double natural, Frame& frame) {
  const Vec2 from = text.position.xy(), along = text.alignment_point.xy() - from;
  const double distance = length(along);
  if (!(distance > 0) || !(natural > 0)) return false;
  const double factor = distance / (natural * frame.height * frame.width_factor);
  (text.halign == HAlign::fit ? frame.width_factor : frame.height) *= factor;
  frame.rotation = std::atan2(along.y, along.x);
  // Mirrored about its middle it still spans both points.
  frame.anchor = from + along * 0.5;
  frame.shift_x = -distance / 2;
  return true;
}

Frame frame_of(const Text& text, const TextStyle& style, const FontChoice& font, double natural) {
  Frame frame;
  frame.rotation = text.rotation_deg * kRadians;
  frame.height = usable(text.height, usable(style.fixed_height, usable(style.last_height, 1)));
  const double factor =
      std::isfinite(text.width_factor) && text.width_factor != 0 ? std::fabs(text.width_factor) : 1;
  frame.width_factor = factor * font.width_scale;
  frame.oblique_deg = text.oblique_deg;
  frame.backward = text.backward;
  frame.upside_down = text.upside_down;
  const bool two_points = text.halign == HAlign::aligned || text.halign == HAlign::fit;
  if (two_points && text.has_alignment_point && stretch(text, natural, frame)) return frame;
  const bool plain = text.halign == HAlign::left && text.valign == VAlign::baseline;
  frame.anchor = plain || two_points || !text.has_alignment_point ? text.position.xy()
                                                                  : text.alignment_point.xy();
  frame.shift_x = -share_of_width(text.halign) * natural * frame.height * frame.width_factor;
  frame.shift_y = -drop(text, font.descent) * frame.height;
  return frame;
}

void draw_lines(const PlainText& plain, const ShapedText& shaped, const Affine& to_plane,
                Placer& placer) {
  const double end = shaped.advance - shaped.trailing;
  for (const PlainText::Line& line : plain.lines) {
    double x0 = INFINITY, x1 = -INFINITY;
    for (std::size_t i = 0; i < shaped.glyphs.size(); ++i) {
      const ShapedGlyph& glyph = shaped.glyphs[i];
      if (glyph.cluster < line.begin || glyph.cluster >= line.end) continue;
      x0 = std::min(x0, glyph.offset.x);
      x1 = std::max(x1, i + 1 < shaped.glyphs.size() ? shaped.glyphs[i + 1].offset.x : end);
    }
    if (!(x0 < x1)) continue;
    const double y = line.kind == PlainText::Line::Kind::under  ? kUnderline
                     : line.kind == PlainText::Line::Kind::over ? kOverline
                                                                : kStrikeLine;
    placer.rule(to_plane, x0, x1, y, kRuleThickness, std::nullopt);
  }
}

// Vertical styles (SHX): characters below each other, centered on the insertion line.
void layout_vertical(const Text& text, const std::string& value, const FontChoice& font,
                     const Frame& frame, Placer& placer) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < value.size(); ++count) next_code_point(value, at);
  const double length_of_all = static_cast<double>(count) * kVerticalPitch;
  double y = share_of_width(text.halign) * length_of_all - 1;
  const Affine map = translation(frame.anchor.x, frame.anchor.y) * frame.rotation_of() *
                     text_scale(frame.height, frame.width_factor, frame.oblique_deg);
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t begin = at;
    next_code_point(value, at);
    const std::string_view one = std::string_view(value).substr(begin, at - begin);
    const ShapedText shaped = placer.shape(font, one);
    const double width = shaped.advance - shaped.trailing;
    placer.place(shaped, font, map * translation(-width / 2, y), one, std::nullopt);
    y -= kVerticalPitch;
  }
}

}  // namespace

LaidOutText layout_text(const Text& text, const Drawing& drawing, FontLibrary& fonts,
                        const Limits& limits) {
  return layout_text(text, style_of(drawing, text.style), fonts, limits);
}

LaidOutText layout_text(const Text& text, const TextStyle& style, FontLibrary& fonts,
                        const Limits& limits) {
  const PlainText plain = decode_text(text.value);
  const FontChoice font = fonts.choose(style);
  Placer placer(fonts, limits.max_glyphs);
  if (style.vertical && font.shx != nullptr) {
    layout_vertical(text, plain.value, font, frame_of(text, style, font, 0), placer);
    return placer.take();
  }
  const ShapedText shaped = placer.shape(font, plain.value);
  const Frame frame = frame_of(text, style, font, shaped.advance - shaped.trailing);
  const Affine to_plane = frame.to_plane();
  placer.place(shaped, font, to_plane, plain.value, std::nullopt);
  if (!plain.lines.empty()) draw_lines(plain, shaped, to_plane, placer);
  return placer.take();
}

}  // namespace cad::text
