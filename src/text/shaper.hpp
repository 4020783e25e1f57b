// SPDX-License-Identifier: Apache-2.0
// One line of text -> glyphs with positions.
#pragma once

#include <hb.h>

#include <string_view>
#include <vector>

#include "text/face.hpp"

namespace cad::text {

class Shaper {
 public:
  Shaper() = default;
  ~Shaper();
  Shaper(const Shaper&) = delete;
  Shaper& operator=(const Shaper&) = delete;

  // The choice's faces are CharacterFaces, the first one a FontFace.
  ShapedText shape(const FontChoice& font, std::string_view utf8, std::size_t max_glyphs);

 private:
  struct Item {  // a stretch of one face
    std::size_t begin = 0, end = 0;
    const CharacterFace* face = nullptr;
    bool complex = false;  // needs HarfBuzz: marks, joining, reordering
  };
  void decode(std::string_view utf8, std::size_t max_codes);
  void itemize(const FontChoice& font, std::size_t begin, std::size_t end);
  void shape_simple(const FontChoice& font, const Item& item, ShapedText& out) const;
  void shape_complex(const FontChoice& font, const Item& item, bool right_to_left, ShapedText& out);

  std::vector<char32_t> codes_;
  std::vector<std::uint32_t> offsets_;  // bytes
  std::vector<Item> items_;
  hb_buffer_t* buffer_ = nullptr;
};

}  // namespace cad::text
