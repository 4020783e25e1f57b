// SPDX-License-Identifier: Apache-2.0
// A canvas as a PNG file (PNG 1.2 / ISO 15948): indexed with 1, 2, 4 or 8 bits where at most 256
// colors do, else 8-bit RGB. Deflate by libdeflate.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "render/canvas.hpp"
#include "render/thumbnail.hpp"

namespace cad::render {

// At most 256 colors and the index of each color that occurs.
class Palette {
 public:
  // Exact when the image has at most 256 colors. With more, antialiasing shades merge with a near
  // one (at most kMaxShift off in each channel, which the eye does not see); `keep` (the background
  // and the drawing's own colors) stays exact. None: that would not do, write RGB.
  static std::optional<Palette> of(const Canvas& canvas, std::span<const Pixel> keep);
  static constexpr int kMaxShift = 8;

  const std::vector<Pixel>& colors() const { return colors_; }
  bool exact() const { return exact_; }
  std::uint8_t index(Pixel color) const { return slots_[find(color)].index; }

 private:
  struct Slot {
    Pixel color = kEmpty;
    std::uint32_t count = 0;  // runs of equal pixels
    std::uint8_t index = 0;
  };
  static constexpr Pixel kEmpty = 0xffffffffu;

  std::size_t find(Pixel color) const;
  bool collect(const Canvas& canvas);
  bool merge(std::span<const Pixel> keep, int shift);

  std::vector<Slot> slots_;  // open addressing, a power of two
  std::size_t used_ = 0;
  std::vector<Pixel> colors_;
  bool exact_ = true;
};

// `also` is given all runs of pixels that are not of the same color.
Result<std::vector<std::uint8_t>> encode_png(const Canvas& canvas, std::span<const Pixel> keep,
                                             Thumbnail* also = nullptr);
Result<std::vector<std::uint8_t>> encode_thumbnail(const Canvas& small);

}  // namespace cad::render
