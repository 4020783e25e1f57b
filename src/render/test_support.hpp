// SPDX-License-Identifier: Apache-2.0
// For this room's tests: PNGs read back by libpng, and a face with known glyphs.
#pragma once

#include <png.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "geom/path.hpp"
#include "render/png.hpp"
#include "text/fonts.hpp"

namespace cad::render {

struct Picture {
  std::uint32_t width = 0, height = 0;
  bool indexed = false;
  std::vector<std::uint8_t> rgb;

  Rgb at(std::uint32_t x, std::uint32_t y) const {
    const std::uint8_t* p = rgb.data() + (static_cast<std::size_t>(y) * width + x) * 3;
    return {p[0], p[1], p[2]};
  }
};

// What libpng makes of the bytes; throws when it refuses them.
inline Picture read_png(const std::vector<std::uint8_t>& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()))
    throw std::runtime_error(image.message);
  Picture out{image.width, image.height, (image.format & PNG_FORMAT_FLAG_COLORMAP) != 0, {}};
  image.format = PNG_FORMAT_RGB;
  out.rgb.resize(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, out.rgb.data(), 0, nullptr))
    throw std::runtime_error(image.message);
  return out;
}

inline Picture picture_of(PngSink& sink) { return read_png(sink.encode().value()); }

// Glyph 0 is blank, 1 a full square of the em, 2 a ring (outer square, inner hole turned around).
class FakeFace final : public text::Face {
 public:
  FakeFace() {
    add_square(square_, 0, 1, true);
    add_square(ring_, 0, 1, true);
    add_square(ring_, 0.25, 0.75, false);
  }
  std::uint32_t id() const override { return 0; }
  std::string_view name() const override { return "Fake Sans"; }
  const Path& outline(std::uint32_t glyph) const override {
    return glyph == 1 ? square_ : glyph == 2 ? ring_ : blank_;
  }
  Box2 extents(std::uint32_t glyph) const override { return cad::extents(outline(glyph)); }
  double advance(std::uint32_t) const override { return 1.25; }
  double cap_height() const override { return 1; }
  double ascent() const override { return 1; }
  double descent() const override { return 0.25; }

 private:
  static void add_square(Path& path, double lo, double hi, bool counter_clockwise) {
    path.move_to({lo, lo});
    path.line_to(counter_clockwise ? Vec2{hi, lo} : Vec2{lo, hi});
    path.line_to({hi, hi});
    path.line_to(counter_clockwise ? Vec2{lo, hi} : Vec2{hi, lo});
    path.close();
  }
  Path blank_, square_, ring_;
};

inline Path rectangle(double x0, double y0, double x1, double y1) {
  Path path;
  path.move_to({x0, y0});
  path.line_to({x1, y0});
  path.line_to({x1, y1});
  path.line_to({x0, y1});
  path.close();
  return path;
}
inline Path line(Vec2 a, Vec2 b) {
  Path path;
  path.move_to(a);
  path.line_to(b);
  return path;
}
inline Path circle(Vec2 center, double radius) {
  Path path;
  path.move_to(center + Vec2{radius, 0});
  path.arc_to({center, {radius, 0}, {0, radius}, 0, 6.283185307179586});
  return path;
}

}  // namespace cad::render
