// SPDX-License-Identifier: Apache-2.0
#include "render/thumbnail.hpp"

namespace cad::render {
namespace {

constexpr std::uint32_t kStronger = 2;

std::uint32_t channel(Pixel pixel, std::size_t at) { return pixel >> 8 * at & 255; }

std::uint32_t in_16_shades(std::uint32_t value) { return (value + 8) / 17 * 17; }

}  // namespace

Thumbnail::Thumbnail(int width, int height, Pixel background, int factor)
    : width_(width), height_(height), background_(background), factor_(factor) {
  small_.width = (width + factor - 1) / factor;
  small_.height = (height + factor - 1) / factor;
  small_.pixels.assign(static_cast<std::size_t>(small_.width) * small_.height, background);
  sums_.resize(static_cast<std::size_t>(small_.width));
}

void Thumbnail::add(int y, int x0, int x1, Pixel color) {
  if (color == background_) return;
  if (y >= (top_ + 1) * factor_) {
    end_row();
    top_ = y / factor_;
  }
  for (int square = x0 / factor_; x0 < x1; ++square) {
    const int end = std::min(x1, (square + 1) * factor_);
    const auto pixels = static_cast<std::uint32_t>(end - x0);
    Sum& sum = sums_[static_cast<std::size_t>(square)];
    for (std::size_t i = 0; i < 3; ++i) sum.channels[i] += channel(color, i) * pixels;
    sum.pixels += pixels;
    x0 = end;
  }
}

Canvas Thumbnail::finish() {
  end_row();
  return std::move(small_);
}

void Thumbnail::end_row() {
  const int high = std::min(factor_, height_ - top_ * factor_);
  Pixel* const row = small_.row(top_);
  for (int x = 0; x < small_.width; ++x) {
    Sum& sum = sums_[static_cast<std::size_t>(x)];
    if (sum.pixels == 0) continue;
    const int wide = std::min(factor_, width_ - x * factor_);
    row[x] = mean(sum, static_cast<std::uint32_t>(wide * high));
    sum = {};
  }
}

Pixel Thumbnail::mean(const Sum& ink, std::uint32_t area) const {
  const std::uint32_t inked = std::min(area, kStronger * ink.pixels);
  Pixel out = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t color = ink.channels[i] / ink.pixels;
    const std::uint32_t mixed = (color * inked + channel(background_, i) * (area - inked)) / area;
    out |= in_16_shades(mixed) << 8 * i;
  }
  return out;
}

}  // namespace cad::render
