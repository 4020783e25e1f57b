// SPDX-License-Identifier: Apache-2.0
// IMAGE, WIPEOUT, underlays, OLE frames and VIEWPORT from hand-assembled objects.
#include "formats/dwg/images.hpp"

#include <gtest/gtest.h>

#include "formats/dwg/testing/object_set.hpp"
#include "formats/dwg/viewport.hpp"

namespace cad::dwg {
namespace {

using testing::ObjectSet;
using testing::ObjectWriter;

constexpr std::uint16_t kViewport = 34, kLayer = 51, kOle2Frame = 74;
constexpr Version kFrom2000[] = {Version::r2000, Version::r2004, Version::r2007,
                                 Version::r2010, Version::r2013, Version::r2018};

// `corners` < 0: a rectangle.
ObjectWriter image(const ObjectSet& set, std::int64_t corners, std::int64_t claimed) {
  ObjectWriter out = set.entity();
  out.data.bl(0).bd3({1, 2, 3}).bd3({0.1, 0, 0}).bd3({0, 0.1, 0}).rd2({640, 480});
  out.data.bs(7).b(true).rc(60).rc(200).rc(5);
  if (out.from(Version::r2010)) out.data.b(true);
  if (corners < 0) {
    out.data.bs(1).rd2({-0.5, -0.5}).rd2({639.5, 479.5});
  } else {
    out.data.bs(2).bl(claimed);
    for (std::int64_t i = 0; i < corners; ++i) out.data.rd2({static_cast<double>(i), 1});
  }
  out.handles.h(5, 0x50).h(3, 0x51);
  return out;
}

ObjectWriter definition(const ObjectSet& set) {
  ObjectWriter out = set.object();
  out.data.bl(0).rd2({640, 480});
  out.text("a.png", u"a.png");
  out.data.b(true).rc(5).rd2({0.1, 0.1});
  return out;
}

TEST(DwgImages, ImageWithItsDefinition) {
  for (const Version version : kFrom2000) {
    ObjectSet set(version);
    set.add("IMAGE", 0x30, image(set, -1, 0));
    set.add("WIPEOUT", 0x31, image(set, 3, 3));
    set.add("IMAGEDEF", 0x50, definition(set));
    const auto reading = set.read();
    reading->object(0x50);
    const Entity entity = reading->entity(0x30);
    const Image& image = *std::get<Indirect<Image>>(entity.geometry);
    EXPECT_FALSE(image.is_wipeout);
    EXPECT_EQ(image.position, (Vec3{1, 2, 3}));
    EXPECT_EQ(image.flags, 7);
    EXPECT_TRUE(image.clipping);
    EXPECT_EQ(image.brightness, 60);
    EXPECT_EQ(image.contrast, 50) << "200 % is none";
    EXPECT_EQ(image.fade, 5);
    EXPECT_EQ(image.clip_inside, version >= Version::r2010);
    EXPECT_EQ(image.clip_type, 1);
    ASSERT_EQ(image.clip.size(), 2u);
    EXPECT_EQ(image.clip[1], (Vec2{639.5, 479.5}));
    ASSERT_TRUE(image.definition.valid());
    EXPECT_EQ(reading->loader.drawing().at(image.definition).path, "a.png");
    const Entity other = reading->entity(0x31);
    const Image& wipeout = *std::get<Indirect<Image>>(other.geometry);
    EXPECT_TRUE(wipeout.is_wipeout);
    EXPECT_EQ(wipeout.clip.size(), 3u);
    EXPECT_FALSE(wipeout.definition.valid());
    EXPECT_TRUE(reading->audit.leftovers.empty()) << static_cast<int>(version);
  }
}

TEST(DwgImages, ACountOfCornersIsNotBelieved) {
  ObjectSet set(Version::r2010);
  set.add("WIPEOUT", 0x30, image(set, 2, 0x7ffffff0));
  const auto reading = set.read();
  EXPECT_TRUE(std::holds_alternative<Indirect<Unknown>>(reading->entity(0x30).geometry));
  EXPECT_TRUE(reading->says("DWG_ENTITY_DAMAGED"));
}

TEST(DwgImages, Underlay) {
  for (const Version version : kFrom2000) {
    ObjectSet set(version);
    ObjectWriter out = set.entity();
    out.data.bd3({0, 0, 1}).bd3({1, 2, 0}).bd(1.5707963267948966).bd3({2, 3, 4});
    out.data.rc(3).rc(80).rc(10).bl(2).rd2({0, 0}).rd2({5, 6});
    out.handles.h(5, 0x50);
    set.add("DGNUNDERLAY", 0x30, out);
    ObjectWriter file = set.object();
    file.text("a.dgn", u"a.dgn").text("Model", u"Model");
    set.add("DGNDEFINITION", 0x50, file);
    const auto reading = set.read();
    reading->object(0x50);
    const Entity entity = reading->entity(0x30);
    const Underlay& underlay = *std::get<Indirect<Underlay>>(entity.geometry);
    EXPECT_EQ(underlay.kind, Underlay::Kind::dgn);
    EXPECT_NEAR(underlay.rotation_deg, 90, 1e-12);
    EXPECT_EQ(underlay.scale, (Vec3{2, 3, 4}));
    EXPECT_TRUE(underlay.on() && underlay.clipping());
    EXPECT_EQ(underlay.contrast, 80);
    ASSERT_EQ(underlay.clip.size(), 2u);
    EXPECT_EQ(underlay.clip[1], (Vec2{5, 6}));
    ASSERT_TRUE(underlay.definition.valid());
    EXPECT_EQ(reading->loader.drawing().at(underlay.definition).page, "Model");
    EXPECT_TRUE(reading->audit.leftovers.empty());
  }
}

ObjectWriter ole_frame(const ObjectSet& set, unsigned mark, std::int64_t claimed) {
  ObjectWriter out = set.entity();
  out.data.bs(2).bs(0).bl(claimed);
  out.data.rs(mark).rd3({1, 9, 0}).rd3({5, 9, 0}).rd3({5, 2, 0}).rd3({1, 2, 0});
  for (int i = 98; i < 130; ++i) out.data.rc(0);
  out.data.rc(2);
  return out;
}

TEST(DwgImages, OleFrame) {
  ObjectSet set(Version::r2013);
  set.add(kOle2Frame, 0x30, ole_frame(set, 0x5581, 130));
  set.add(kOle2Frame, 0x31, ole_frame(set, 0x1234, 130));
  set.add(kOle2Frame, 0x32, ole_frame(set, 0x5581, 0x20000000));
  const auto reading = set.read();
  const Entity entity = reading->entity(0x30), other = reading->entity(0x31);
  const OleFrame& frame = *std::get<Indirect<OleFrame>>(entity.geometry);
  EXPECT_TRUE(frame.has_corners);
  EXPECT_EQ(frame.upper_left, (Vec3{1, 9, 0}));
  EXPECT_EQ(frame.lower_right, (Vec3{5, 2, 0}));
  EXPECT_EQ(frame.data_bytes, 130u);
  EXPECT_FALSE(std::get<Indirect<OleFrame>>(other.geometry)->has_corners);
  EXPECT_TRUE(reading->audit.leftovers.empty());
  EXPECT_TRUE(std::holds_alternative<Indirect<Unknown>>(reading->entity(0x32).geometry));
}

ObjectWriter viewport(const ObjectSet& set, std::int64_t frozen, std::int64_t flags) {
  ObjectWriter out = set.entity();
  out.data.bd3({5, 4, 0}).bd(8).bd(6);
  out.data.bd3({1, 1, 1}).bd3({0, 0, 1}).bd(0.5).bd(9).bd(50).bd(0).bd(0).bd(0.25);
  out.data.rd2({6, 4.5}).rd2({0, 0}).rd2({0.5, 0.5}).rd2({0.5, 0.5}).bs(1000);
  if (out.from(Version::r2007)) out.data.bs(5);
  out.data.bl(frozen).bl(flags);
  out.text("acad.ctb", u"acad.ctb");
  out.data.rc(2).b(true).b(false).bd3({0, 0, 0}).bd3({1, 0, 0}).bd3({0, 1, 0}).bd(0).bs(0);
  if (out.from(Version::r2004)) out.data.bs(1);
  if (out.from(Version::r2007)) out.data.b(true).rc(1).bd(0).bd(0).bs(0).bl(0).rc(0);
  out.handles.h(4, 0).h(4, 0x77);
  if (!out.from(Version::r2004)) out.handles.h(5, 0);
  out.handles.h(5, 0).h(5, 0);
  if (out.from(Version::r2007)) out.handles.h(4, 0).h(5, 0).h(4, 0).h(3, 0);
  return out;
}

TEST(DwgViewport, EveryReleaseFrom2000) {
  for (const Version version : kFrom2000) {
    ObjectSet set(version);
    set.add(kViewport, 0x30, viewport(set, 1, 0x8000));
    const auto reading = set.read();
    const Entity entity = reading->entity(0x30);
    const Viewport& v = *std::get<Indirect<Viewport>>(entity.geometry);
    EXPECT_EQ(v.center, (Vec3{5, 4, 0}));
    EXPECT_EQ(v.width, 8);
    EXPECT_EQ(v.view_height, 9);
    EXPECT_NEAR(v.twist_deg, 28.64788975654116, 1e-12);
    EXPECT_EQ(v.view_center, (Vec2{6, 4.5}));
    EXPECT_EQ(v.flags, 0x8000u);
    EXPECT_EQ(v.plot_style, "acad.ctb");
    EXPECT_EQ(v.render_mode, 2);
    EXPECT_EQ(v.shade_plot, version >= Version::r2004 ? 1 : 0);
    EXPECT_EQ(v.clip_boundary, 0x77u);
    EXPECT_TRUE(v.frozen_layers.empty()) << "no such layer";
    EXPECT_TRUE(reading->audit.leftovers.empty()) << static_cast<int>(version);
  }
}

// R13 and R14 keep the view in extended data.
TEST(DwgViewport, ViewInExtendedData) {
  for (const Version version : {Version::r13, Version::r14}) {
    ObjectSet set(version);
    testing::BitWriter items;
    items.rc(0).rc(5).rs(30).raw("MVIEW");
    items.rc(2).rc(0);            // {
    items.rc(70).rs(16);          // version
    items.rc(10).rd3({1, 2, 3});  // target
    items.rc(10).rd3({0, 0, 1});  // direction
    for (const double value : {30., 12., 4., 5., 35., 0.1, 0.2}) items.rc(40).rd(value);
    items.rc(70).rs(1);  // perspective
    items.rc(2).rc(0);
    items.rc(3).rll(__builtin_bswap64(0x11));  // a frozen layer
    items.rc(2).rc(1).rc(2).rc(1);
    ObjectWriter out(version);
    out.data.bs(static_cast<std::int32_t>(items.bytes().size())).h(5, 0x12).append(items);
    out.entity_common(0).data.bd3({5, 4, 0}).bd(8).bd(6);
    out.handles.h(5, 0x13);
    set.add(kViewport, 0x30, out);
    set.add(kLayer, 0x11, set.object());
    const auto reading = set.read();
    reading->loader.app_names()[0x12] = "ACAD";
    reading->loader.drawing().layers.resize(1);
    reading->loader.drawing().layers[0].name = "hidden here";
    reading->loader.find(0x11)->record = 0;
    const Entity entity = reading->entity(0x30);
    const Viewport& v = *std::get<Indirect<Viewport>>(entity.geometry);
    EXPECT_EQ(v.center, (Vec3{5, 4, 0}));
    EXPECT_EQ(v.view_target, (Vec3{1, 2, 3}));
    EXPECT_EQ(v.twist_deg, 30);
    EXPECT_EQ(v.view_height, 12);
    EXPECT_EQ(v.view_center, (Vec2{4, 5}));
    EXPECT_EQ(v.lens_length, 35);
    EXPECT_EQ(v.back_clip, 0.2);
    EXPECT_EQ(v.flags, 1u);
    ASSERT_EQ(v.frozen_layers.size(), 1u);
    EXPECT_EQ(v.frozen_layers[0].index, 0u);
    EXPECT_TRUE(reading->diagnostics.all().empty());
  }
}

TEST(DwgViewport, ACountOfFrozenLayersIsNotBelieved) {
  ObjectSet set(Version::r2004);
  set.add(kViewport, 0x30, viewport(set, 0x7fffffff, 0));
  const auto reading = set.read();
  reading->entity(0x30);
  EXPECT_TRUE(reading->says("DWG_REFERENCES_DAMAGED"));
}

TEST(DwgViewport, TheFirstOfASheetIsItsOwn) {
  Drawing drawing;
  drawing.blocks.resize(2);
  drawing.layouts.resize(2);
  drawing.layouts[0].block = {0};
  drawing.layouts[0].is_model = true;
  drawing.layouts[1].block = {1};
  for (Block& block : drawing.blocks)
    for (const std::uint32_t flags : {0u, 0x20000u, 0u}) {
      Viewport viewport;
      viewport.flags = flags;
      block.entities.emplace_back().geometry = Indirect<Viewport>(std::move(viewport));
    }
  number_viewports(drawing);
  const auto at = [&](std::size_t block, std::size_t i) -> const Viewport& {
    return *std::get<Indirect<Viewport>>(drawing.blocks[block].entities[i].geometry);
  };
  EXPECT_EQ(at(0, 0).id, 0);
  EXPECT_EQ(at(1, 0).id, 1);
  EXPECT_EQ(at(1, 1).id, 2);
  EXPECT_EQ(at(1, 1).status, 0) << "off";
  EXPECT_EQ(at(1, 2).status, 3);
}

}  // namespace
}  // namespace cad::dwg
