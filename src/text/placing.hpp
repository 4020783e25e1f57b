// SPDX-License-Identifier: Apache-2.0
// Shaped text -> runs and rules in an entity's plane. Text space: the baseline is y = 0, one unit
// is the text height, widths are as drawn before the width factor.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "text/layout.hpp"

namespace cad::text {

Affine translation(double x, double y);
Affine rotation(double radians);
// Text space -> a plane whose origin is the start of the baseline.
Affine text_scale(double height, double width_factor, double oblique_deg);

// The drawing's style; without one the style STANDARD, or AutoCAD's default (txt.shx).
const TextStyle& style_of(const Drawing& drawing, TextStyleId id);

// y of lines in text heights.
inline constexpr double kUnderline = -0.2, kOverline = 1.2, kStrikeLine = 0.45;
inline constexpr double kRuleThickness = 0.06;

class Placer {
 public:
  Placer(FontLibrary& fonts, std::size_t max_glyphs) : fonts_(fonts), glyphs_left_(max_glyphs) {}

  // Shapes within what is left of max_glyphs; what is measured only need not be placed.
  ShapedText shape(const FontChoice& font, std::string_view utf8) {
    constexpr std::size_t kMaxOfLine = 200'000;  // one line nobody reads to its end
    return fonts_.shape(font, utf8, std::min(glyphs_left_, kMaxOfLine));
  }
  // `to_plane` maps text space and includes font.width_scale.
  void place(const ShapedText& shaped, const FontChoice& font, const Affine& to_plane,
             std::string_view text, std::optional<Color> color);
  // From (x0, y) to (x1, y) in the space that `to_plane` maps.
  void rule(const Affine& to_plane, double x0, double x1, double y, double thickness,
            std::optional<Color> color);
  void line(Vec2 from, Vec2 to, double thickness, std::optional<Color> color);

  FontLibrary& fonts() { return fonts_; }
  LaidOutText take() { return std::move(out_); }
  LaidOutText& out() { return out_; }

 private:
  FontLibrary& fonts_;
  std::size_t glyphs_left_;
  LaidOutText out_;
};

}  // namespace cad::text
