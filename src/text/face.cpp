// SPDX-License-Identifier: Apache-2.0
#include "text/face.hpp"

#include <hb-ot.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace cad::text {
namespace {

const Path kBlank;

struct Pen {
  Path* path;
  double unit;
  Vec2 current;
  Vec2 at(float x, float y) const { return {x * unit, y * unit}; }
};

void move_to(hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x, float y, void*) {
  auto& pen = *static_cast<Pen*>(data);
  pen.path->move_to(pen.current = pen.at(x, y));
}
void line_to(hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x, float y, void*) {
  auto& pen = *static_cast<Pen*>(data);
  pen.path->line_to(pen.current = pen.at(x, y));
}
void quadratic_to(hb_draw_funcs_t*, void* data, hb_draw_state_t*, float cx, float cy, float x,
                  float y, void*) {
  auto& pen = *static_cast<Pen*>(data);
  const Vec2 control = pen.at(cx, cy), end = pen.at(x, y);
  pen.path->cubic_to(pen.current + (control - pen.current) * (2.0 / 3),
                     end + (control - end) * (2.0 / 3), end);
  pen.current = end;
}
void cubic_to(hb_draw_funcs_t*, void* data, hb_draw_state_t*, float ax, float ay, float bx,
              float by, float x, float y, void*) {
  auto& pen = *static_cast<Pen*>(data);
  pen.path->cubic_to(pen.at(ax, ay), pen.at(bx, by), pen.at(x, y));
  pen.current = pen.at(x, y);
}
void close_path(hb_draw_funcs_t*, void* data, hb_draw_state_t*, void*) {
  static_cast<Pen*>(data)->path->close();
}

Path draw(hb_font_t* font, std::uint32_t glyph, double unit) {
  Path path;
  Pen pen{&path, unit, {}};
  hb_draw_funcs_t* const funcs = hb_draw_funcs_create();
  hb_draw_funcs_set_move_to_func(funcs, move_to, nullptr, nullptr);
  hb_draw_funcs_set_line_to_func(funcs, line_to, nullptr, nullptr);
  hb_draw_funcs_set_quadratic_to_func(funcs, quadratic_to, nullptr, nullptr);
  hb_draw_funcs_set_cubic_to_func(funcs, cubic_to, nullptr, nullptr);
  hb_draw_funcs_set_close_path_func(funcs, close_path, nullptr, nullptr);
  hb_font_get_glyph_shape(font, glyph, funcs, &pen);
  hb_draw_funcs_destroy(funcs);
  return path;
}

Box2 box_of(hb_font_t* font, std::uint32_t glyph, double unit) {
  Box2 box;
  hb_glyph_extents_t e{};
  if (hb_font_get_glyph_extents(font, glyph, &e) && e.width != 0 && e.height != 0) {
    box.add(Vec2{e.x_bearing * unit, e.y_bearing * unit});
    box.add(Vec2{(e.x_bearing + e.width) * unit, (e.y_bearing + e.height) * unit});
  }
  return box;
}

}  // namespace

FontFace::Loaded::~Loaded() {
  if (font != nullptr) hb_font_destroy(font);
  if (map != nullptr) munmap(map, map_bytes);
}

FontFace::FontFace(std::uint32_t id, std::string_view name, int descriptor, std::size_t bytes)
    : id_(id), name_(name), descriptor_(descriptor), bytes_(bytes) {}

FontFace::~FontFace() {
  if (descriptor_ >= 0) close(descriptor_);
}

void FontFace::load() const {
  loaded_ = std::make_unique<Loaded>();
  Loaded& l = *loaded_;
  void* const map = mmap(nullptr, bytes_, PROT_READ, MAP_PRIVATE, descriptor_, 0);
  hb_blob_t* blob = hb_blob_get_empty();
  if (map != MAP_FAILED) {
    l.map = map;
    l.map_bytes = bytes_;
    blob = hb_blob_create(static_cast<const char*>(map), static_cast<unsigned>(bytes_),
                          HB_MEMORY_MODE_READONLY, nullptr, nullptr);
  }
  hb_face_t* const face = hb_face_create(blob, 0);
  hb_blob_destroy(blob);
  l.font = hb_font_create(face);
  l.unit = 1.0 / std::max(1u, hb_face_get_upem(face));
  const unsigned glyphs = hb_face_get_glyph_count(face);
  hb_face_destroy(face);
  l.outlines.resize(glyphs);
  l.boxes.resize(glyphs);

  hb_font_extents_t vertical{};
  if (hb_font_get_h_extents(l.font, &vertical)) {
    l.ascent = vertical.ascender * l.unit;
    l.descent = -vertical.descender * l.unit;
  }
  for (std::size_t i = 0; i < l.ascii.size(); ++i) {
    AsciiGlyph& glyph = l.ascii[i];
    hb_codepoint_t id = 0;
    if (hb_font_get_nominal_glyph(l.font, static_cast<hb_codepoint_t>(i + 32), &id)) glyph.id = id;
    glyph.advance = static_cast<float>(hb_font_get_glyph_h_advance(l.font, glyph.id) * l.unit);
    const Box2 box = box_of(l.font, glyph.id, l.unit);
    if (box.empty()) continue;
    glyph.ink_min = static_cast<float>(box.min_x);
    glyph.ink_max = static_cast<float>(box.max_x);
  }
  const Box2 capital = box_of(l.font, l.ascii['H' - 32].id, l.unit);
  if (!capital.empty() && capital.max_y > 0.1) l.cap_height = capital.max_y;
}

std::uint32_t FontFace::glyph_of(char32_t code) const {
  hb_codepoint_t id = 0;
  return hb_font_get_nominal_glyph(loaded().font, code, &id) ? id : 0;
}

const Path& FontFace::outline(std::uint32_t glyph) const {
  Loaded& l = loaded();
  if (glyph >= l.outlines.size()) return kBlank;
  auto& slot = l.outlines[glyph];
  if (!slot) slot = std::make_unique<Path>(draw(l.font, glyph, l.unit));
  return *slot;
}

Box2 FontFace::extents(std::uint32_t glyph) const {
  Loaded& l = loaded();
  if (glyph >= l.boxes.size()) return {};
  auto& slot = l.boxes[glyph];
  if (!slot) slot = std::make_unique<Box2>(box_of(l.font, glyph, l.unit));
  return *slot;
}

double FontFace::advance(std::uint32_t glyph) const {
  return hb_font_get_glyph_h_advance(loaded().font, glyph) * loaded().unit;
}

}  // namespace cad::text
