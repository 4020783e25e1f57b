// SPDX-License-Identifier: Apache-2.0
#include "scene/box_sink.hpp"

#include "text/fonts.hpp"

namespace cad::scene::detail {

void BoxSink::stroke(const Path& path, const Pen& pen) {
  Box2 box = extents(path);
  if (pen.width_units > 0 && !box.empty()) {
    const double half = static_cast<double>(pen.width_units) / 2;
    box = {box.min_x - half, box.min_y - half, box.max_x + half, box.max_y + half};
  }
  add(box);
}

void BoxSink::fill(const Path& path, FillRule, const Brush&) { add(extents(path)); }

void BoxSink::glyphs(const GlyphRun& run) {
  if (run.face == nullptr) return;
  const Affine& m = run.to_sheet;
  for (const Glyph& glyph : run.glyphs) {
    const Vec2 at = m(glyph.origin);
    add(extents(run.face->outline(glyph.id), {m.a, m.b, m.c, m.d, at.x, at.y}));
  }
}

void BoxSink::image(const ImageFrame& frame) {
  Box2 box;
  box.add(frame.corner);
  box.add(frame.corner + frame.u);
  box.add(frame.corner + frame.v);
  box.add(frame.corner + frame.u + frame.v);
  add(box);
}

}  // namespace cad::scene::detail
