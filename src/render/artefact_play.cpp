// SPDX-License-Identifier: Apache-2.0
#include "render/artefact_play.hpp"

#include <cmath>

#include "render/artefact_paths.hpp"

namespace cad::render {

namespace {

using clsc::Op;

scene::Rgba unpack(std::uint32_t c) {
  const auto byte = [&](int shift) { return static_cast<std::uint8_t>(c >> shift); };
  return {byte(0), byte(8), byte(16), byte(24)};
}

// The arguments of one operation, one after the other. Whoever takes one has checked left().
class Arguments {
 public:
  Arguments(std::span<const std::uint32_t> words, Vec2 origin) : words_(words), origin_(origin) {}
  std::size_t left() const { return words_.size() - next_; }
  bool finite() const { return finite_; }
  std::uint32_t word() { return words_[next_++]; }
  double number() {
    const double v = clsc::to_double(word());
    if (!std::isfinite(v)) finite_ = false;
    return v;
  }
  Vec2 vector() {
    const double x = number(), y = number();
    return {x, y};
  }
  Vec2 point() { return vector() + origin_; }
  bool path(Path& out) const { return clsc::read_path(words_.subspan(next_), origin_, out); }

 private:
  std::span<const std::uint32_t> words_;
  Vec2 origin_;
  std::size_t next_ = 0;
  bool finite_ = true;
};

scene::Pen pen_of(const clsc::Style& style) {
  return {unpack(style.color), style.width_mm, style.width_units};
}

bool play_polyline(Arguments in, bool closed, const clsc::Style& style, scene::Sink* sink) {
  if (in.left() < 4 || in.left() % 2 != 0) return false;
  Path path;
  path.move_to(in.point());
  while (in.left() > 0) path.line_to(in.point());
  if (closed) path.close();
  if (in.finite() && sink) sink->stroke(path, pen_of(style));
  return in.finite();
}

bool play_fill(Arguments in, bool has_gradient, const clsc::Style& style, scene::Sink* sink) {
  scene::Gradient gradient;
  if (has_gradient) {
    if (in.left() < 5) return false;
    const std::uint32_t head = in.word();
    gradient.radial = (head & 1) != 0;
    gradient.from = in.point();
    gradient.to = in.point();
    const std::uint32_t stops = head >> 1;
    if (stops == 0 || stops > in.left() / 2) return false;
    for (std::uint32_t i = 0; i < stops; ++i) {
      const auto position = static_cast<float>(in.number());
      gradient.stops.push_back({position, unpack(in.word())});
    }
  }
  Path path;
  if (!in.finite() || !in.path(path)) return false;
  if (sink)
    sink->fill(path, style.rule == 1 ? scene::FillRule::even_odd : scene::FillRule::non_zero,
               {unpack(style.color), has_gradient ? &gradient : nullptr});
  return true;
}

bool play_glyphs(Arguments in, const ArtefactPlayer& from, const clsc::Style& style,
                 scene::Sink* sink) {
  if (in.left() < 8 || (in.left() - 8) % 3 != 0) return false;
  scene::GlyphRun run;
  run.face = from.faces[style.face].get();
  const Vec2 x = in.vector(), y = in.vector(), at = in.point();
  run.to_sheet = {x.x, x.y, y.x, y.y, at.x, at.y};
  const std::uint32_t offset = in.word(), bytes = in.word();
  if (offset > from.strings.size() || bytes > from.strings.size() - offset) return false;
  run.text = from.strings.substr(offset, bytes);
  run.color = unpack(style.color);
  run.embolden = style.width_mm;
  while (in.left() > 0) {
    const std::uint32_t glyph = in.word();
    if (glyph >= from.glyphs.size() || from.glyphs[glyph].face != style.face) return false;
    run.glyphs.push_back({from.glyphs[glyph].id, in.vector()});
  }
  if (in.finite() && sink) sink->glyphs(run);
  return in.finite();
}

bool play_image(Arguments in, std::string_view strings, scene::Sink* sink) {
  if (in.left() != 8) return false;
  scene::ImageFrame frame;
  frame.corner = in.point();
  frame.u = in.vector();
  frame.v = in.vector();
  const std::uint32_t offset = in.word(), bytes = in.word();
  if (offset > strings.size() || bytes > strings.size() - offset) return false;
  frame.path = strings.substr(offset, bytes);
  if (in.finite() && sink) sink->image(frame);
  return in.finite();
}

bool play_stroke(Arguments in, const clsc::Style& style, scene::Sink* sink) {
  Path path;
  if (!in.path(path)) return false;
  if (sink) sink->stroke(path, pen_of(style));
  return true;
}

}  // namespace

bool ArtefactPlayer::play(std::span<const std::uint32_t> words, Vec2 origin,
                          scene::Sink* sink) const {
  const clsc::Style* style = nullptr;
  const auto has_style = [&](clsc::StyleKind kind) { return style && style->kind == kind; };
  while (!words.empty()) {
    const auto op = static_cast<Op>(words[0] & 255);
    const std::uint32_t argument = words[0] >> 8;
    std::size_t length = argument;
    if (op == Op::style) length = 0;
    if (op == Op::polyline || op == Op::closed_polyline) length = std::size_t{argument} * 2;
    if (length > words.size() - 1) return false;
    const Arguments in(words.subspan(1, length), origin);
    words = words.subspan(1 + length);
    bool ok = false;
    switch (op) {
      case Op::style:
        ok = argument < styles.size();
        if (ok) style = &styles[argument];
        break;
      case Op::polyline:
      case Op::closed_polyline:
        ok = has_style(clsc::StyleKind::stroke) &&
             play_polyline(in, op == Op::closed_polyline, *style, sink);
        break;
      case Op::stroke_path:
        ok = has_style(clsc::StyleKind::stroke) && play_stroke(in, *style, sink);
        break;
      case Op::fill_path:
      case Op::gradient_fill:
        ok = has_style(clsc::StyleKind::fill) &&
             play_fill(in, op == Op::gradient_fill, *style, sink);
        break;
      case Op::glyphs:
        ok = has_style(clsc::StyleKind::text) && play_glyphs(in, *this, *style, sink);
        break;
      case Op::image: ok = play_image(in, strings, sink); break;
    }
    if (!ok) return false;
  }
  return true;
}

}  // namespace cad::render
