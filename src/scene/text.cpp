// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

// Boxes of flat, unturned text need no look at its glyphs.
bool keeps_boxes(const Affine& map) {
  return (map.b == 0 && map.c == 0) || (map.a == 0 && map.d == 0);
}

void add_box(Emitter& out, const Box2& box, const Affine& map) {
  if (box.empty()) return;
  Box2 seen;
  seen.add(map({box.min_x, box.min_y}));
  seen.add(map({box.max_x, box.max_y}));
  out.boxes->add(seen);
}

void draw_background(Emitter& out, const MText& text, const std::vector<Vec2>& frame,
                     const Affine& plane) {
  if (frame.size() < 3 || (text.background_flags & 19) == 0) return;
  Path area;
  for (std::size_t i = 0; i < frame.size(); ++i)
    i == 0 ? area.move_to(plane(frame[i])) : area.line_to(plane(frame[i]));
  area.close();
  const Rgb paper = out.context.options.background;
  if ((text.background_flags & 2) != 0) {
    out.fill(area, FillRule::non_zero, Rgba{paper.r, paper.g, paper.b, 255});
  } else if ((text.background_flags & 1) != 0) {
    const std::uint32_t rgb = text.background_rgb;
    const Color color =
        rgb != 0xffffffffu
            ? Color{Color::Kind::rgb,
                    7,
                    {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
                     static_cast<std::uint8_t>(rgb)}}
        : text.background_color_aci == 256
            ? Color{}
            : Color::aci(static_cast<std::uint8_t>(text.background_color_aci));
    out.fill(area, FillRule::non_zero, out.resolve(color));
  }
  if ((text.background_flags & 16) != 0) out.stroke_plain(area);
}

}  // namespace

Affine mtext_plane(const Emitter& out, const MText& text, Vec3 normal) {
  const Ocs ocs(normal);
  Vec3 x = text.x_direction;
  if (!(length(x) > 1e-12)) {
    const double a = text.rotation_deg * kDegree;
    x = {std::cos(a), std::sin(a), 0};  // WCS even where the normal is not +Z (group 11's default)
  }
  x = x * (1 / length(x));
  return out.frame.view.plane(text.position, x, cross(ocs.z, x));
}

void draw_laid_out(Emitter& out, text::LaidOutText&& laid_out, const Affine& plane) {
  if (out.measuring() && keeps_boxes(plane)) return add_box(out, laid_out.box, plane);
  for (text::PlacedRun& placed : laid_out.runs) {
    GlyphRun run;
    run.face = placed.face;
    run.to_sheet = plane * placed.to_plane;
    run.color = placed.color ? out.resolve(*placed.color) : out.look.color;
    run.embolden = placed.embolden;
    run.glyphs = std::move(placed.glyphs);
    run.text = placed.text;
    out.glyphs(run);
  }
  Path area;
  for (const text::PlacedRule& rule : laid_out.rules) {
    area.clear();
    area.move_to(plane(rule.corners[0]));
    for (int i = 1; i < 4; ++i) area.line_to(plane(rule.corners[i]));
    area.close();
    out.fill(area, FillRule::non_zero, rule.color ? out.resolve(*rule.color) : out.look.color);
  }
}

void draw(Emitter& out, const Text& text, const Entity& entity) {
  if (out.out_of_glyphs() || !out.spend_repeated(text.value.size() / 2)) return;
  const double elevation = text.has_alignment_point ? text.alignment_point.z : text.position.z;
  draw_laid_out(out, text::layout_text(text, out.drawing(), out.context.fonts, out.context.limits),
                out.frame.view.plane(Ocs(entity.normal), elevation));
}

void draw_mtext(Emitter& out, const MText& text, Vec3 normal) {
  if (out.out_of_glyphs() || !out.spend_repeated(text.raw.size() / 2)) return;
  text::LaidOutText laid_out =
      text::layout_mtext(text, out.drawing(), out.context.fonts, out.context.limits);
  const Affine plane = mtext_plane(out, text, normal);
  draw_background(out, text, laid_out.frame, plane);
  draw_laid_out(out, std::move(laid_out), plane);
}

void draw(Emitter& out, const Indirect<MText>& text, const Entity& entity) {
  draw_mtext(out, *text, entity.normal);
}

void draw(Emitter& out, const Indirect<Attribute>& attribute, const Entity& entity) {
  constexpr std::uint16_t kConstant = 2;
  if (attribute->is_definition && !out.frame.in_block) {  // edited as such: shows its tag
    Text shown = attribute->text;
    shown.value = attribute->tag;
    return draw(out, shown, entity);
  }
  if (attribute->is_definition && (attribute->flags & kConstant) == 0) return;
  if (attribute->invisible() && !out.measuring()) return;
  if (out.measuring() && attribute->invisible()) out.boxes->hidden = true;
  if (attribute->has_mtext) return draw_mtext(out, attribute->mtext, entity.normal);
  draw(out, attribute->text, entity);
}

void draw(Emitter& out, const Indirect<Tolerance>& tolerance, const Entity& entity) {
  const DimStyle* style = find(out.drawing().dim_styles, tolerance->dim_style);
  const double scale = style != nullptr && style->scale > 0 ? style->scale : 1;
  const double height = (style != nullptr ? style->text_height : 0.18) * scale;
  Vec3 x = tolerance->x_direction;
  if (!(length(x) > 1e-12)) x = {1, 0, 0};
  x = x * (1 / length(x));
  const Vec3 y = cross(Ocs(entity.normal).z, x);
  draw_laid_out(out,
                text::layout_tolerance(*tolerance, height, out.drawing(), out.context.fonts,
                                       out.context.limits),
                out.frame.view.plane(tolerance->position, x, y));
}

void draw(Emitter& out, const Indirect<Shape>&, const Entity&) {
  out.warn("NOT_DRAWN", "SHAPE",
           "A SHAPE is a glyph of a shape file that is not part of the drawing: not drawn.");
}

}  // namespace cad::scene::detail
