// SPDX-License-Identifier: Apache-2.0
// A face of our own for drafting symbols that the installed fonts lack. 1 em = 1 text height.
#pragma once

#include <map>

#include "text/face.hpp"

namespace cad::text {

class SymbolFace final : public CharacterFace {
 public:
  explicit SymbolFace(std::uint32_t id) : id_(id) {}
  std::uint32_t id() const override { return id_; }
  std::string_view name() const override { return "CADLens Symbols"; }
  const Path& outline(std::uint32_t glyph) const override;
  Box2 extents(std::uint32_t glyph) const override { return cad::extents(outline(glyph)); }
  double advance(std::uint32_t glyph) const override;
  double cap_height() const override { return 1; }
  double ascent() const override { return 1; }
  double descent() const override { return 0; }
  // A glyph's number is its character.
  std::uint32_t glyph_of(char32_t code) const override;

 private:
  std::uint32_t id_;
  mutable std::map<std::uint32_t, Path> outlines_;
};

}  // namespace cad::text
