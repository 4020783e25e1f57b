// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "render/png_encode.hpp"

namespace cad::render {

namespace {

constexpr std::size_t kMaxColors = 256;
constexpr std::size_t kSlots = 1u << 14;
constexpr std::size_t kMaxDistinct = kSlots / 4;  // more never merge into 256 unseen

bool alike(Pixel a, Pixel b, int shift) {
  for (int at = 0; at < 24; at += 8)
    if (std::abs(static_cast<int>(a >> at & 255) - static_cast<int>(b >> at & 255)) > shift)
      return false;
  return true;
}

}  // namespace

std::size_t Palette::find(Pixel color) const {
  std::size_t at = (color * 0x9e3779b1u) >> 18;
  while (slots_[at].color != color && slots_[at].color != kEmpty) at = (at + 1) % kSlots;
  return at;
}

bool Palette::collect(const Canvas& canvas) {
  slots_.resize(kSlots);
  const Pixel* const end = canvas.pixels.data() + canvas.pixels.size();
  for (const Pixel* p = canvas.pixels.data(); p < end; p = run_end(p, end)) {
    Slot& slot = slots_[find(*p)];
    if (slot.color == kEmpty) {
      if (++used_ > kMaxDistinct) return false;
      slot.color = *p;
    }
    ++slot.count;
  }
  return true;
}

bool Palette::merge(std::span<const Pixel> keep, int shift) {
  std::vector<Slot*> by_count;
  for (Slot& slot : slots_)
    if (slot.color != kEmpty) by_count.push_back(&slot);
  std::sort(by_count.begin(), by_count.end(), [](const Slot* a, const Slot* b) {
    return a->count != b->count ? a->count > b->count : a->color < b->color;
  });
  colors_.clear();
  for (const Pixel color : keep) {
    const Slot& slot = slots_[find(color)];
    if (slot.color != color) continue;
    if (std::find(colors_.begin(), colors_.end(), color) != colors_.end()) continue;
    if (colors_.size() == kMaxColors) return false;
    colors_.push_back(color);
  }
  for (Slot* slot : by_count) {
    auto best = std::find(colors_.begin(), colors_.end(), slot->color);
    if (best == colors_.end())
      best = std::find_if(colors_.begin(), colors_.end(),
                          [&](Pixel c) { return alike(c, slot->color, shift); });
    if (best == colors_.end()) {
      if (colors_.size() == kMaxColors) return false;
      colors_.push_back(slot->color);
      best = colors_.end() - 1;
    }
    slot->index = static_cast<std::uint8_t>(best - colors_.begin());
  }
  return true;
}

std::optional<Palette> Palette::of(const Canvas& canvas, std::span<const Pixel> keep) {
  Palette palette;
  if (!palette.collect(canvas)) return std::nullopt;
  palette.exact_ = palette.used_ <= kMaxColors;
  if (palette.exact_) {
    palette.merge({}, 0);
    return palette;
  }
  for (const int shift : {kMaxShift / 2, kMaxShift})
    if (palette.merge(keep, shift)) return palette;
  return std::nullopt;
}

}  // namespace cad::render
