// SPDX-License-Identifier: Apache-2.0
// Entities of unknown applications are shown by their stored graphics.
#include <gtest/gtest.h>

#include <algorithm>

#include "geom/testing/proxy_writer.hpp"
#include "scene/test_support.hpp"

namespace cad::scene {
namespace {

using cad::testing::ProxyChunk;
using cad::testing::ProxyWriter;
using testing::Recorded;
using testing::Recorder;
using testing::TestDrawing;

enum Type : std::uint32_t {
  kCircle = 2,
  kPolyline = 6,
  kPolygon = 7,
  kShell = 9,
  kColor = 14,
  kLayer = 16,
  kLinetype = 18,
  kFill = 20,
  kLineweight = 23,
  kPush = 29
};

Geometry wall(const ProxyWriter& graphics) {
  Unknown unknown;
  unknown.type = "AEC_WALL";
  unknown.graphics = graphics.bytes();
  return Indirect<Unknown>(std::move(unknown));
}

const std::initializer_list<Vec3> kLine{{0, 0, 0}, {4, 0, 0}};

std::size_t count(const TestDrawing& t, std::string_view code) {
  std::size_t found = 0;
  for (const Diagnostic& d : t.diagnostics.all()) found += d.code == code ? 1 : 0;
  return found;
}

TEST(Proxy, TakesWhatItDoesNotSayFromTheEntity) {
  TestDrawing t;
  const LayerId red = t.layer("red", Color::aci(1));
  t.layer("green", Color::aci(3));
  t.drawing.header.lineweight_display = true;
  Entity& e = t.add(wall(ProxyWriter()
                             .points(kPolyline, kLine)
                             .number(kLayer, 2)
                             .points(kPolyline, kLine)
                             .number(kColor, 256)
                             .number(kLineweight, 50)
                             .points(kPolyline, kLine)
                             .number(kColor, 0)
                             .points(kPolyline, kLine)
                             .number(kColor, 5)
                             .points(kPolyline, kLine)),
                    {0}, red);
  e.lineweight = 100;
  const Recorder out = t.draw();
  ASSERT_EQ(out.calls.size(), 5u);
  const Rgba red_ink{255, 0, 0, 255}, green_ink{0, 255, 0, 255}, blue_ink{0, 0, 255, 255};
  EXPECT_EQ(out.calls[0].color, red_ink);
  EXPECT_EQ(out.calls[0].layer, red);
  EXPECT_FLOAT_EQ(out.calls[0].pen.width_mm, 1);
  EXPECT_EQ(out.calls[1].color, red_ink);  // another layer, still the entity's color
  EXPECT_EQ(out.calls[1].layer, (LayerId{2}));
  EXPECT_EQ(out.calls[2].color, green_ink);
  EXPECT_FLOAT_EQ(out.calls[2].pen.width_mm, 0.5f);
  EXPECT_EQ(out.calls[3].color, red_ink);
  EXPECT_EQ(out.calls[4].color, blue_ink);
}

TEST(Proxy, LayersHideWhatLiesOnThem) {
  TestDrawing t;
  const LayerId own = t.layer("own", Color::aci(1));
  const LayerId other = t.layer("other", Color::aci(3));
  t.add(wall(ProxyWriter()
                 .points(kPolyline, kLine)
                 .number(kLayer, 2)
                 .points(kPolyline, {{0, 0, 0}, {0, 9, 0}})),
        {0}, own);
  t.drawing.layers[own.index].off = true;
  EXPECT_EQ(t.draw().calls.size(), 1u);
  t.drawing.layers[own.index].off = false;
  t.drawing.layers[other.index].frozen = true;
  ASSERT_EQ(t.draw().calls.size(), 1u);
  EXPECT_EQ(t.draw().calls[0].layer, own);
  const LayoutExtents extents = t.measure();
  EXPECT_EQ(extents.visible, (Box2{0, 0, 4, 0}));
  EXPECT_EQ(extents.entities[0], (Box2{0, 0, 4, 9}));
  t.drawing.layers[own.index].frozen = true;
  t.drawing.layers[other.index].frozen = false;
  EXPECT_TRUE(t.draw().calls.empty());
}

TEST(Proxy, CountsThePlacesOfErasedLayers) {
  TestDrawing t;
  const LayerId red = t.layer("red", Color::aci(1));
  t.drawing.layer_places = {LayerId{0}, LayerId{}, LayerId{}, red};
  t.add(wall(ProxyWriter()
                 .number(kLayer, 3)
                 .number(kColor, 256)
                 .points(kPolyline, kLine)
                 .number(kLayer, 1)
                 .points(kPolyline, kLine)));
  const Recorder out = t.draw();
  ASSERT_EQ(out.calls.size(), 2u);
  EXPECT_EQ(out.calls[0].layer, red);
  EXPECT_EQ(out.calls[1].layer, (LayerId{0}));  // no such layer: the entity's own
}

TEST(Proxy, FillsClosedShapesWhereItSaysSo) {
  TestDrawing t;
  ProxyChunk shell;
  shell.rl(4).rd3({0, 0, 0}).rd3({2, 0, 0}).rd3({2, 2, 0}).rd3({0, 2, 0});
  shell.rl(5).rl(4).rl(0).rl(1).rl(2).rl(3).rl(0x40).rl(1).rl(0).rl(1).rl(0).rl(0).rl(0);
  t.add(wall(ProxyWriter()
                 .points(kPolygon, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}})
                 .add(kShell, shell)
                 .number(kFill, 1)
                 .points(kPolygon, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}})
                 .add(kShell, shell)
                 .points(kPolyline, kLine)
                 .number(kFill, 2)
                 .add(kCircle, ProxyChunk{}.rd3({5, 5, 0}).rd(2).rd3({0, 0, 1}))));
  const Recorder out = t.draw();
  ASSERT_EQ(out.calls.size(), 7u);
  const Recorded::Kind fill = Recorded::Kind::fill, stroke = Recorded::Kind::stroke;
  const std::vector<Recorded::Kind> expected{stroke, stroke, fill, fill, stroke, stroke, stroke};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(out.calls[i].kind, expected[i]) << i;
  EXPECT_EQ(out.calls[1].path.points.size(), 4u);  // two of four edges show
  EXPECT_EQ(extents(out.calls[6].path), (Box2{3, 3, 7, 7}));
}

TEST(Proxy, LinetypesAndMatricesInsideInserts) {
  TestDrawing t;
  Linetype dashed;
  dashed.elements.resize(2);
  dashed.elements[0].length = 1;
  dashed.elements[1].length = -1;
  t.drawing.linetypes.resize(1);
  t.drawing.linetypes.push_back(dashed);
  const BlockId block = t.block("house");
  ProxyChunk matrix;
  matrix.rds({2, 0, 0, 1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1});
  t.add(wall(ProxyWriter().add(kPush, matrix).number(kLinetype, 1).points(kPolyline, kLine)),
        block);
  t.insert(block, {100, 0, 0});
  const Recorder out = t.draw();
  ASSERT_EQ(out.calls.size(), 1u);
  EXPECT_GT(std::ranges::count(out.calls[0].path.verbs, Verb::move), 3);
  EXPECT_EQ(t.measure().entities[0], (Box2{101, 0, 109, 0}));
}

TEST(Proxy, SaysHowItIsShown) {
  TestDrawing t;
  t.add(wall(ProxyWriter().points(kPolyline, kLine)));
  t.measure();
  EXPECT_EQ(count(t, "SHOWN_BY_PROXY"), 1u);
  EXPECT_EQ(count(t, "NOT_DRAWN"), 0u);
  EXPECT_EQ(count(t, "PROXY_DAMAGED"), 0u);

  TestDrawing damaged;
  damaged.add(wall(ProxyWriter().points(kPolyline, kLine).number(kPolyline, 99)));
  damaged.measure();
  EXPECT_EQ(count(damaged, "PROXY_DAMAGED"), 1u);

  TestDrawing empty;
  empty.add(wall(ProxyWriter()));
  empty.add(Indirect<Unknown>(Unknown{}));
  empty.measure();
  EXPECT_EQ(count(empty, "SHOWN_BY_PROXY"), 0u);
  EXPECT_EQ(count(empty, "NOT_DRAWN"), 2u);
}

}  // namespace
}  // namespace cad::scene
