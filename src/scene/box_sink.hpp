// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene/sink.hpp"

namespace cad::scene::detail {

// Extents of everything, and of what is shown.
struct Boxes {
  Box2 all, visible;
};

// The extents of what it is given. `hidden` is set by the emitter.
class BoxSink : public Sink {
 public:
  Boxes boxes;
  bool hidden = false;

  void add(const Box2& box) {
    boxes.all.add(box);
    if (!hidden) boxes.visible.add(box);
  }
  void add(const Boxes& more) {
    boxes.all.add(more.all);
    if (!hidden) boxes.visible.add(more.visible);
  }
  bool wants_detail() const override { return false; }
  void stroke(const Path& path, const Pen& pen) override;
  void fill(const Path& path, FillRule rule, const Brush& brush) override;
  void glyphs(const GlyphRun& run) override;
  void image(const ImageFrame& frame) override;
  void push_clip(const Path&) override {}
  void pop_clip() override {}
};

}  // namespace cad::scene::detail
