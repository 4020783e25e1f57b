// SPDX-License-Identifier: Apache-2.0
// One font file behind a descriptor that was opened early. Mapped and parsed on first use; one
// thread at a time.
#pragma once

#include <hb.h>

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "text/fonts.hpp"

namespace cad::text {

struct AsciiGlyph {
  std::uint32_t id = 0;
  float advance = 0;               // em
  float ink_min = 0, ink_max = 0;  // em; equal for blanks
};

class CharacterFace : public Face {
 public:
  virtual std::uint32_t glyph_of(char32_t code) const = 0;  // 0: the face has none
  virtual hb_font_t* shaper() const { return nullptr; }     // null: one glyph for each character
};

class FontFace final : public CharacterFace {
 public:
  FontFace(std::uint32_t id, std::string_view name, int descriptor, std::size_t bytes);
  ~FontFace() override;
  FontFace(const FontFace&) = delete;
  FontFace& operator=(const FontFace&) = delete;

  std::uint32_t id() const override { return id_; }
  std::string_view name() const override { return name_; }
  const Path& outline(std::uint32_t glyph) const override;
  Box2 extents(std::uint32_t glyph) const override;
  double advance(std::uint32_t glyph) const override;
  double cap_height() const override { return loaded().cap_height; }
  double ascent() const override { return loaded().ascent; }
  double descent() const override { return loaded().descent; }

  std::uint32_t glyph_of(char32_t code) const override;
  hb_font_t* shaper() const override { return loaded().font; }
  // U+0020 .. U+007E
  const std::array<AsciiGlyph, 95>& ascii() const { return loaded().ascii; }

 private:
  struct Loaded {
    hb_font_t* font = nullptr;
    void* map = nullptr;
    std::size_t map_bytes = 0;
    double unit = 1e-3;  // font units -> em
    double cap_height = 0.7, ascent = 0.9, descent = 0.2;
    std::array<AsciiGlyph, 95> ascii{};
    std::vector<std::unique_ptr<Path>> outlines;
    std::vector<std::unique_ptr<Box2>> boxes;
    ~Loaded();
  };
  Loaded& loaded() const {
    if (!loaded_) load();
    return *loaded_;
  }
  void load() const;

  std::uint32_t id_;
  std::string_view name_;
  int descriptor_;
  std::size_t bytes_;
  mutable std::unique_ptr<Loaded> loaded_;
};

}  // namespace cad::text
