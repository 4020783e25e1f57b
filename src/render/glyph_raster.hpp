// SPDX-License-Identifier: Apache-2.0
// Text in pixels: small glyphs from a cache of coverage bitmaps, large ones as filled outlines, and
// text too small to read as gray bars, one a word.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "render/canvas.hpp"
#include "render/fills.hpp"
#include "render/lines.hpp"
#include "render/view_map.hpp"
#include "scene/sink.hpp"

namespace cad::render {

class GlyphRaster {
 public:
  explicit GlyphRaster(Work& work) : work_(work) {}

  void draw(const scene::GlyphRun& run, const ViewMap& map, FillRaster& fills, LineRaster& lines,
            const Target& target);

 private:
  // A glyph of a face under a linear map (1/64 px per em) at a quarter-pixel place.
  struct Key {
    const text::Face* face = nullptr;
    std::uint32_t glyph = 0;
    std::int16_t a = 0, b = 0, c = 0, d = 0;
    std::uint16_t place = 0;     // quarter pixels: x + 4 y
    std::uint16_t embolden = 0;  // 1/1024 em
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  struct Size;  // of a run: its linear map in pixels

  void draw_small(const scene::GlyphRun& run, const Affine& to_px, FillRaster& fills,
                  const Target& target);
  void draw_large(const scene::GlyphRun& run, const Affine& to_px, FillRaster& fills,
                  const Target& target);
  void draw_bars(const scene::GlyphRun& run, const Affine& to_px, LineRaster& lines,
                 const Target& target);
  const Mask& bitmap(const Key& key, FillRaster& fills);

  std::unordered_map<Key, Mask, Hash> cache_;
  std::size_t cache_bytes_ = 0;
  Work& work_;
  PixelPath path_;  // scratch
};

}  // namespace cad::render
