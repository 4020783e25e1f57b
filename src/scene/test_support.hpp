// SPDX-License-Identifier: Apache-2.0
// What the scene's tests share: small drawings by hand, a font library without fonts, and a sink
// that remembers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scene/scene.hpp"
#include "text/fonts.hpp"

namespace cad::scene::testing {

class NoFonts : public text::FontLibrary {
 public:
  text::FontChoice choose(const TextStyle&) override { return {}; }
  text::FontChoice choose(std::string_view, bool, bool) override { return {}; }
  text::ShapedText shape(const text::FontChoice&, std::string_view, std::size_t) override {
    return {};
  }
  const std::vector<const text::Face*>& faces() const override { return faces_; }

 private:
  std::vector<const text::Face*> faces_;
};

struct Recorded {
  enum class Kind { stroke, fill, image, push, pop } kind = Kind::stroke;
  Path path = {};
  Pen pen = {};
  Rgba color = {};
  FillRule rule = FillRule::non_zero;
  bool gradient = false;
  std::uint32_t entity = 0;
  LayerId layer = {};
};

class Recorder : public Sink {
 public:
  std::vector<Recorded> calls;
  std::vector<EntityRef> entities;

  void begin_entity(const EntityRef& entity) override { entities.push_back(entity); }
  void stroke(const Path& path, const Pen& pen) override {
    add({Recorded::Kind::stroke, path, pen, pen.color});
  }
  void fill(const Path& path, FillRule rule, const Brush& brush) override {
    add({Recorded::Kind::fill, path, {}, brush.color, rule, brush.gradient != nullptr});
  }
  void glyphs(const GlyphRun&) override {}
  void image(const ImageFrame&) override { add({Recorded::Kind::image}); }
  void push_clip(const Path& path) override { add({Recorded::Kind::push, path}); }
  void pop_clip() override { add({Recorded::Kind::pop}); }

  std::vector<Recorded> of(Recorded::Kind kind) const {
    std::vector<Recorded> out;
    for (const Recorded& call : calls)
      if (call.kind == kind) out.push_back(call);
    return out;
  }

 private:
  void add(Recorded call) {
    if (!entities.empty()) {
      call.entity = entities.back().index;
      call.layer = entities.back().layer;
    }
    calls.push_back(std::move(call));
  }
};

// A drawing with layer 0, an empty model space and one paper space.
struct TestDrawing {
  Drawing drawing;
  Limits limits;
  Diagnostics diagnostics;
  SceneOptions options;
  NoFonts fonts;

  TestDrawing() {
    layer("0", Color::aci(7));
    drawing.blocks.resize(2);
    drawing.blocks[0].name = "*Model_Space";
    drawing.blocks[1].name = "*Paper_Space";
    drawing.layouts.resize(2);
    drawing.layouts[0].name = "Model";
    drawing.layouts[0].block = {0};
    drawing.layouts[0].is_model = true;
    drawing.layouts[1].name = "Layout1";
    drawing.layouts[1].block = {1};
  }
  LayerId layer(const std::string& name, Color color) {
    drawing.layers.emplace_back();
    drawing.layers.back().name = name;
    drawing.layers.back().color = color;
    return {static_cast<std::uint32_t>(drawing.layers.size() - 1)};
  }
  BlockId block(const std::string& name) {
    drawing.blocks.push_back({});
    drawing.blocks.back().name = name;
    return {static_cast<std::uint32_t>(drawing.blocks.size() - 1)};
  }
  Entity& add(Geometry geometry, BlockId where = {0}, LayerId layer = {0}) {
    Entity entity;
    entity.layer = layer;
    entity.geometry = std::move(geometry);
    entity.handle = ++handles_;
    drawing.blocks[where.index].entities.push_back(std::move(entity));
    return drawing.blocks[where.index].entities.back();
  }
  Entity& insert(BlockId block, Vec3 at, BlockId where = {0}, LayerId layer = {0}) {
    Insert insert;
    insert.block = block;
    insert.position = at;
    return add(insert, where, layer);
  }
  SceneContext context() { return {drawing, fonts, limits, diagnostics, options}; }
  Recorder draw(std::size_t layout = 0) {
    Recorder out;
    draw_layout(context(), drawing.layouts[layout], out);
    return out;
  }
  LayoutExtents measure(std::size_t layout = 0) {
    return measure_layout(context(), drawing.layouts[layout]);
  }

 private:
  Handle handles_ = 0x100;
};

inline Insert& insert_of(Entity& entity) { return *std::get<Indirect<Insert>>(entity.geometry); }

}  // namespace cad::scene::testing
