// SPDX-License-Identifier: Apache-2.0
// The scene of a sheet as a compact, versioned binary (docs/scene-format.md): what the web viewer
// draws. Primitives with entity index and layer, glyph outlines once per face, coordinates relative
// to an origin kept in double.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "model/drawing.hpp"
#include "scene/sink.hpp"

namespace cad::render {

inline constexpr std::uint16_t kSceneVersion = 1;

class ArtefactSink : public scene::Sink {
 public:
  // `mm_per_unit`: what the sheet's coordinates count on paper; 0: model space has none.
  static std::unique_ptr<ArtefactSink> create(const Drawing& drawing, const Box2& view,
                                              const Limits& limits, double mm_per_unit = 0);
  // full(): what came later is not in it (flag `truncated` of the header).
  virtual Result<std::vector<std::uint8_t>> finish() = 0;
};

// Sends every call to both.
class TeeSink : public scene::Sink {
 public:
  TeeSink(scene::Sink& first, scene::Sink& second) : first_(first), second_(second) {}
  bool full() const override { return first_.full() && second_.full(); }
  void begin_entity(const scene::EntityRef& e) override {
    first_.begin_entity(e);
    second_.begin_entity(e);
  }
  void stroke(const Path& p, const scene::Pen& pen) override {
    first_.stroke(p, pen);
    second_.stroke(p, pen);
  }
  void fill(const Path& p, scene::FillRule r, const scene::Brush& b) override {
    first_.fill(p, r, b);
    second_.fill(p, r, b);
  }
  void glyphs(const scene::GlyphRun& run) override {
    first_.glyphs(run);
    second_.glyphs(run);
  }
  void image(const scene::ImageFrame& frame) override {
    first_.image(frame);
    second_.image(frame);
  }
  void push_clip(const Path& p) override {
    first_.push_clip(p);
    second_.push_clip(p);
  }
  void pop_clip() override {
    first_.pop_clip();
    second_.pop_clip();
  }

 private:
  scene::Sink& first_;
  scene::Sink& second_;
};

}  // namespace cad::render
