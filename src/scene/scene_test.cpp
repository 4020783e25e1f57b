// SPDX-License-Identifier: Apache-2.0
// Properties, inheritance, visibility, blocks, draw order and budgets.
#include <gtest/gtest.h>

#include "scene/test_support.hpp"

namespace cad::scene {
namespace {

using testing::insert_of;
using testing::Recorded;
using testing::Recorder;
using testing::TestDrawing;

constexpr Rgba kRed{255, 0, 0, 255}, kGreen{0, 255, 0, 255}, kBlue{0, 0, 255, 255},
    kBlack{0, 0, 0, 255}, kWhite{255, 255, 255, 255};

Line unit_line() { return {{0, 0, 0}, {1, 0, 0}}; }

TEST(Colors, SevenShowsOnEveryBackground) {
  TestDrawing t;
  t.add(unit_line());
  EXPECT_EQ(t.draw().calls.at(0).color, kBlack);
  t.options.background = {33, 40, 48};
  EXPECT_EQ(t.draw().calls.at(0).color, kWhite);
}

TEST(Colors, LinesInTheBackgroundsOwnColorStillShow) {
  TestDrawing t;
  t.add(unit_line()).color = {Color::Kind::rgb, 7, {255, 255, 255}};
  EXPECT_EQ(t.draw().calls.at(0).color, kBlack);
  t.options.background = {0, 0, 0};
  EXPECT_EQ(t.draw().calls.at(0).color, kWhite);
}

TEST(Colors, TrueColorAndTransparency) {
  TestDrawing t;
  Entity& e = t.add(unit_line());
  e.color = {Color::Kind::rgb, 1, {1, 2, 3}};
  e.transparency = {Transparency::Kind::value, 100};
  EXPECT_EQ(t.draw().calls.at(0).color, (Rgba{1, 2, 3, 100}));
}

TEST(Colors, LayerZeroAndByBlockInheritThroughNestedInserts) {
  TestDrawing t;
  const LayerId red = t.layer("RED", Color::aci(1)), green = t.layer("GREEN", Color::aci(3));
  const BlockId inner = t.block("INNER"), outer = t.block("OUTER");
  t.add(unit_line(), inner);                                     // layer 0, by layer
  t.add(unit_line(), inner).color.kind = Color::Kind::by_block;  // by block
  t.add(unit_line(), inner, green);                              // a layer of its own
  t.insert(inner, {}, outer);  // on layer 0: takes the outer insert's layer, too
  Entity& top = t.insert(outer, {}, {0}, red);
  Recorder r = t.draw();
  ASSERT_EQ(r.calls.size(), 3u);
  EXPECT_EQ(r.calls[0].color, kRed);
  EXPECT_EQ(r.calls[0].layer, red);
  EXPECT_EQ(r.calls[1].color, kRed);
  EXPECT_EQ(r.calls[2].color, kGreen);
  EXPECT_EQ(r.calls[2].layer, green);
  top.color = Color::aci(5);  // the nested insert is by layer: by block sees red, not blue
  r = t.draw();
  EXPECT_EQ(r.calls[1].color, kRed);
  t.drawing.blocks[outer.index].entities[0].color.kind = Color::Kind::by_block;
  EXPECT_EQ(t.draw().calls[1].color, kBlue);
}

TEST(Layers, OffHidesWhatLiesOnItAndFrozenHidesInserts) {
  TestDrawing t;
  const LayerId a = t.layer("A", Color::aci(1)), b = t.layer("B", Color::aci(3));
  const BlockId block = t.block("B1");
  t.add(unit_line(), block);     // layer 0: the insert's
  t.add(unit_line(), block, b);  // its own
  t.insert(block, {}, {0}, a);
  EXPECT_EQ(t.draw().calls.size(), 2u);
  t.drawing.at(a).off = true;
  ASSERT_EQ(t.draw().calls.size(), 1u);
  EXPECT_EQ(t.draw().calls[0].color, kGreen);
  t.drawing.at(a).frozen = true;
  EXPECT_TRUE(t.draw().calls.empty());
  // Hidden entities have extents all the same, but are not part of what is visible.
  const LayoutExtents m = t.measure();
  EXPECT_EQ(m.all.max_x, 1);
  EXPECT_EQ(m.entities.at(0).max_x, 1);
  EXPECT_TRUE(m.visible.empty());
}

TEST(Layers, OnlyTheNamedLayersAreDrawnWhateverTheirState) {
  TestDrawing t;
  const LayerId a = t.layer("A", Color::aci(1));
  t.add(unit_line());
  t.add(unit_line(), {0}, a);
  t.drawing.at(a).frozen = true;
  t.options.only_layers = {a};
  ASSERT_EQ(t.draw().calls.size(), 1u);
  EXPECT_EQ(t.draw().calls[0].layer, a);
}

TEST(Layers, InvisibleEntitiesAreNotDrawn) {
  TestDrawing t;
  t.add(unit_line()).visible = false;
  EXPECT_TRUE(t.draw().calls.empty());
  EXPECT_TRUE(t.measure().visible.empty());
}

TEST(Lineweights, HairlinesUnlessTheModelShowsThem) {
  TestDrawing t;
  t.add(unit_line()).lineweight = 50;
  t.add(unit_line()).lineweight = kLineweightDefault;
  EXPECT_EQ(t.draw().calls[0].pen.width_mm, 0);
  t.drawing.header.lineweight_display = true;
  EXPECT_FLOAT_EQ(t.draw().calls[0].pen.width_mm, 0.5f);
  EXPECT_FLOAT_EQ(t.draw().calls[1].pen.width_mm, 0.25f);
}

TEST(Blocks, MirroredAndScaledInsert) {
  TestDrawing t;
  const BlockId block = t.block("B");
  t.drawing.at(block).base_point = {1, 1, 0};
  t.add(Line{{1, 1, 0}, {3, 2, 0}}, block);
  Entity& e = t.insert(block, {10, 20, 0});
  insert_of(e).scale = {-2, 3, 1};
  insert_of(e).rotation_deg = 90;
  // (2,1) from the base, scaled (-4,3), turned by 90 degrees: (-3,-4).
  const Recorder r = t.draw();
  EXPECT_EQ(r.calls[0].path.points[0], (Vec2{10, 20}));
  EXPECT_EQ(r.calls[0].path.points[1], (Vec2{7, 16}));
}

TEST(Blocks, MirroredExtrusionNegatesX) {
  TestDrawing t;
  const BlockId block = t.block("B");
  t.add(Line{{0, 0, 0}, {1, 2, 0}}, block);
  Entity& e = t.insert(block, {10, 5, 0});
  e.normal = {0, 0, -1};
  const Recorder r = t.draw();
  EXPECT_EQ(r.calls[0].path.points[0], (Vec2{-10, 5}));
  EXPECT_EQ(r.calls[0].path.points[1], (Vec2{-11, 7}));
}

TEST(Blocks, GridOfCells) {
  TestDrawing t;
  const BlockId block = t.block("B");
  t.add(unit_line(), block);
  Insert& insert = insert_of(t.insert(block, {}));
  insert.columns = 3;
  insert.rows = 2;
  insert.column_spacing = 10;
  insert.row_spacing = 5;
  EXPECT_EQ(t.draw().calls.size(), 6u);
  EXPECT_EQ(t.measure().all, (Box2{0, 0, 21, 5}));
}

TEST(Blocks, RotatedExtentsAreTrueNotOfCorners) {
  TestDrawing t;
  const BlockId block = t.block("B");
  t.add(Circle{{0, 0, 0}, 1}, block);
  insert_of(t.insert(block, {5, 5, 0})).rotation_deg = 45;
  const Box2 box = t.measure().entities.at(0);
  EXPECT_NEAR(box.min_x, 4, 1e-12);
  EXPECT_NEAR(box.max_y, 6, 1e-12);
}

TEST(Blocks, AttributeBoxesAreListedInsertByInsert) {
  TestDrawing t;
  const BlockId block = t.block("B");
  t.add(unit_line(), block);
  for (int i = 0; i < 2; ++i) {
    Entity& e = t.insert(block, {});
    for (int k = 0; k <= i; ++k) {
      insert_of(e).attributes.emplace_back();
      insert_of(e).attributes.back().geometry = Attribute{};
    }
  }
  EXPECT_EQ(t.measure().attributes.size(), 3u);
}

TEST(Blocks, ABlockThatContainsItselfEnds) {
  TestDrawing t;
  const BlockId a = t.block("A"), b = t.block("B");
  t.add(unit_line(), a);
  t.insert(b, {}, a);
  t.insert(a, {}, b);
  t.insert(a, {});
  EXPECT_EQ(t.draw().calls.size(), 1u);
  EXPECT_EQ(t.measure().all, (Box2{0, 0, 1, 0}));
  ASSERT_EQ(t.diagnostics.all().size(), 1u);
  EXPECT_EQ(t.diagnostics.all()[0].code, "BLOCK_CYCLE");
}

// Each block holds ten of the next, all turned differently: 10^12 lines.
TestDrawing bomb() {
  TestDrawing t;
  BlockId inner = t.block("LEAF");
  t.add(unit_line(), inner);
  for (int level = 0; level < 12; ++level) {
    const BlockId outer = t.block("L" + std::to_string(level));
    for (int i = 0; i < 10; ++i)
      insert_of(t.insert(inner, {static_cast<double>(i), 0, 0}, outer)).rotation_deg = 1 + i * 0.37;
    inner = outer;
  }
  t.insert(inner, {});
  t.limits.primitives.most = 20'000;
  return t;
}

TEST(Blocks, NestedBombIsCutWithAWarning) {
  TestDrawing t = bomb();
  const Recorder r = t.draw();
  EXPECT_LE(r.calls.size(), 20'000u);
  EXPECT_GT(r.calls.size(), 1'000u);
  ASSERT_FALSE(t.diagnostics.all().empty());
  EXPECT_EQ(t.diagnostics.all()[0].code, "SCENE_LIMIT");
}

TEST(Blocks, NestedBombIsMeasuredByCorners) {
  TestDrawing t = bomb();
  const LayoutExtents m = t.measure();
  ASSERT_EQ(m.entities.size(), 1u);
  EXPECT_FALSE(m.all.empty());
  EXPECT_GT(m.all.width(), 12 * 9 * 0.5);
  EXPECT_EQ(t.diagnostics.all().at(0).code, "SCENE_LIMIT");
}

TEST(Blocks, BombOfEmptyBlocksEndsToo) {
  TestDrawing t = bomb();
  t.drawing.blocks[2].entities[0].visible = false;
  EXPECT_TRUE(t.draw().calls.empty());
}

TEST(Blocks, FarFromTheOriginNothingIsLost) {
  TestDrawing t;
  const BlockId block = t.block("B");
  t.drawing.at(block).base_point = {1e9, 1e9, 0};
  t.add(Line{{1e9, 1e9, 0}, {1e9 + 0.125, 1e9, 0}}, block);
  t.insert(block, {1e9, 2e9, 0});
  const Recorder r = t.draw();
  EXPECT_EQ(r.calls[0].path.points[1], (Vec2{1e9 + 0.125, 2e9}));
}

TEST(DrawOrder, SortHandlesDecide) {
  TestDrawing t;
  const LayerId a = t.layer("A", Color::aci(1));
  const Handle first = t.add(unit_line()).handle;
  const Handle second = t.add(unit_line(), {0}, a).handle;
  t.drawing.blocks[0].draw_order = {{second, first}, {first, second}};
  const Recorder r = t.draw();
  EXPECT_EQ(r.entities[0].index, 1u);
  EXPECT_EQ(r.entities[1].index, 0u);
  EXPECT_EQ(r.entities[1].handle, first);
}

TEST(Wipeout, IsPaperColoredInItsTurn) {
  TestDrawing t;
  Image image;
  image.is_wipeout = true;
  image.position = {10, 10, 0};
  image.u_pixel = {4, 0, 0};
  image.v_pixel = {0, 2, 0};
  image.size_px = {1, 1};
  image.clip = {{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}};
  t.add(image);
  t.options.background = {9, 8, 7};
  const Recorder r = t.draw();
  ASSERT_EQ(r.calls.size(), 1u);
  EXPECT_EQ(r.calls[0].color, (Rgba{9, 8, 7, 255}));
  // Pixels count from the upper left: the triangle has the two upper corners and the lower right.
  EXPECT_EQ(r.calls[0].path.points[0], (Vec2{10, 12}));
  EXPECT_EQ(r.calls[0].path.points[1], (Vec2{14, 12}));
  EXPECT_EQ(r.calls[0].path.points[2], (Vec2{14, 10}));
}

TEST(Rays, AreClippedToTheRestAndNotMeasured) {
  TestDrawing t;
  t.add(Line{{0, 0, 0}, {10, 10, 0}});
  t.add(XLine{{5, 5, 0}, {1, 0, 0}});
  t.add(Ray{{5, 5, 0}, {0, 1, 0}});
  const LayoutExtents m = t.measure();
  EXPECT_EQ(m.visible, (Box2{0, 0, 10, 10}));
  EXPECT_TRUE(m.entities[1].empty());
  const Recorder r = t.draw();
  ASSERT_EQ(r.calls.size(), 3u);
  EXPECT_EQ(r.calls[1].path.points[0], (Vec2{-0.5, 5}));
  EXPECT_EQ(r.calls[1].path.points[1], (Vec2{10.5, 5}));
  EXPECT_EQ(r.calls[2].path.points[0], (Vec2{5, 5}));
}

TEST(Outliers, OneAbsurdPointDoesNotHideTheDrawing) {
  TestDrawing t;
  for (int i = 0; i < 50; ++i) t.add(Line{{5e8 + i, 5e8, 0}, {5e8 + i, 5e8 + 100, 0}});
  t.add(Line{{0, 0, 0}, {1, 1, 0}});
  const LayoutExtents m = t.measure();
  EXPECT_EQ(m.visible.min_x, 5e8);
  EXPECT_EQ(m.all.min_x, 0);
  EXPECT_EQ(t.diagnostics.all().at(0).code, "OUTLIER");
  // Far, but not absurdly so: stays.
  t.drawing.blocks[0].entities.back().geometry = Line{{5e8 - 20000, 5e8, 0}, {5e8, 5e8, 0}};
  EXPECT_EQ(t.measure().visible.min_x, 5e8 - 20000);
}

}  // namespace
}  // namespace cad::scene
