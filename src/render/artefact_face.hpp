// SPDX-License-Identifier: Apache-2.0
// A face as a scene artefact holds it: the glyphs that the sheet uses.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "render/artefact_format.hpp"
#include "text/fonts.hpp"

namespace cad::render {

class ArtefactFace final : public text::Face {
 public:
  ArtefactFace(std::uint32_t id, std::string_view name, const clsc::Face& record)
      : id_(id), name_(name), record_(record) {}

  void add(const clsc::Glyph& glyph, Path outline) {
    glyphs_[glyph.id] = {std::move(outline), glyph.advance};
  }

  std::uint32_t id() const override { return id_; }
  std::string_view name() const override { return name_; }
  const Path& outline(std::uint32_t glyph) const override { return find(glyph).outline; }
  Box2 extents(std::uint32_t glyph) const override { return cad::extents(outline(glyph)); }
  double advance(std::uint32_t glyph) const override { return find(glyph).advance; }
  double cap_height() const override { return record_.cap_height; }
  double ascent() const override { return record_.ascent; }
  double descent() const override { return record_.descent; }

 private:
  struct Shape {
    Path outline;
    double advance = 0;
  };
  const Shape& find(std::uint32_t glyph) const {
    const auto found = glyphs_.find(glyph);
    return found == glyphs_.end() ? none_ : found->second;
  }

  std::uint32_t id_;
  std::string name_;
  clsc::Face record_;
  std::unordered_map<std::uint32_t, Shape> glyphs_;
  Shape none_;
};

}  // namespace cad::render
