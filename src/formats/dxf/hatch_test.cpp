// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

constexpr std::string_view kHead = R"(
    0 HATCH
    100 AcDbEntity
    8 0
    330 1F
    100 AcDbHatch
    10 0
    20 0
    30 7.5
    210 0
    220 0
    230 1
    2 ANSI31
    70 0
    71 1
)";

Read hatch(std::string_view rest) {
  return read_entities(groups(std::string(kHead) + std::string(rest)));
}

constexpr std::string_view kEveryEdge = R"(
    91 1
    92 5
    93 4
    72 1
    10 1
    20 2
    11 3
    21 4
    72 2
    10 5
    20 6
    40 2
    50 10
    51 350
    73 0
    72 3
    10 7
    20 8
    11 2
    21 1
    40 0.5
    50 0
    51 180
    73 1
    72 4
    94 2
    73 1
    74 0
    95 6
    96 3
    40 0
    40 0
    40 0
    40 1
    40 1
    40 1
    10 0
    20 0
    42 1
    10 1
    20 1
    42 0.7
    10 2
    20 0
    42 1
    97 1
    11 9
    21 8
    12 1
    22 0
    13 0
    23 -1
    97 2
    330 2A
    330 2B
    75 1
    76 1
    98 1
    10 4
    20 5
  )";

// The edge of a real kind of drawing: center (0, 0), major axis 10 along x, ratio 0.5, seen under
// 45 degrees. There x = y, so 10 cos t = 5 sin t and t = atan 2.
TEST(DxfHatch, GivesTheParameterOfAnEllipseEdge) {
  const Read read = hatch(R"(
    91 1
    92 1
    93 1
    72 3
    10 0
    20 0
    11 10
    21 0
    40 0.5
    50 45
    51 405
    73 1
    97 0
    75 0
    76 1
  )");
  const auto& h = first<Hatch>(read);
  ASSERT_EQ(h.loops.size(), 1u);
  const auto& ellipse = std::get<HatchEllipseEdge>(h.loops[0].edges.at(0));
  EXPECT_NEAR(ellipse.start_angle_deg, 63.43494882292201, 1e-9);
  EXPECT_NEAR(ellipse.end_angle_deg, 423.43494882292201, 1e-9);
}

TEST(DxfHatch, ReadsEveryKindOfEdge) {
  const Read read = hatch(kEveryEdge);
  const auto& h = first<Hatch>(read);
  EXPECT_EQ(h.elevation, 7.5);
  EXPECT_TRUE(h.associative);
  EXPECT_FALSE(h.solid);
  ASSERT_EQ(h.loops.size(), 1u);
  const HatchLoop& loop = h.loops[0];
  EXPECT_EQ(loop.flags, 5u);
  EXPECT_FALSE(loop.is_polyline);
  ASSERT_EQ(loop.edges.size(), 4u);
  const auto& line = std::get<HatchLineEdge>(loop.edges[0]);
  EXPECT_EQ(line.start, (Vec2{1, 2}));
  EXPECT_EQ(line.end, (Vec2{3, 4}));
  const auto& arc = std::get<HatchArcEdge>(loop.edges[1]);
  EXPECT_EQ(arc.center, (Vec2{5, 6}));
  EXPECT_EQ(arc.radius, 2);
  EXPECT_EQ(arc.start_angle_deg, 10);
  EXPECT_EQ(arc.end_angle_deg, 350);
  EXPECT_FALSE(arc.counter_clockwise);
  const auto& ellipse = std::get<HatchEllipseEdge>(loop.edges[2]);
  EXPECT_EQ(ellipse.major_axis, (Vec2{2, 1}));
  EXPECT_EQ(ellipse.ratio, 0.5);
  EXPECT_EQ(ellipse.end_angle_deg, 180);
  EXPECT_TRUE(ellipse.counter_clockwise);
  const auto& spline = std::get<HatchSplineEdge>(loop.edges[3]);
  EXPECT_EQ(spline.degree, 2);
  EXPECT_TRUE(spline.rational);
  EXPECT_EQ(spline.knots, (std::vector<double>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(spline.control_points, (std::vector<Vec2>{{0, 0}, {1, 1}, {2, 0}}));
  EXPECT_EQ(spline.weights, (std::vector<double>{1, 0.7, 1}));
  EXPECT_EQ(spline.fit_points, (std::vector<Vec2>{{9, 8}}));
  EXPECT_EQ(spline.end_tangent, (Vec2{0, -1}));
  EXPECT_EQ(loop.sources, (std::vector<Handle>{0x2A, 0x2B}));
  EXPECT_EQ(h.style, 1);
  EXPECT_EQ(h.seeds, (std::vector<Vec2>{{4, 5}}));
}

TEST(DxfHatch, ReadsPolylineLoopsWithBulges) {
  const Read read = hatch(
      "91 2\n92 7\n72 1\n73 1\n93 2\n10 0\n20 0\n42 1\n10 4\n20 0\n42 1\n97 0\n"
      "92 2\n72 0\n73 0\n93 3\n10 1\n20 1\n10 2\n20 1\n10 2\n20 2\n97 0\n75 0\n76 1\n");
  const auto& h = first<Hatch>(read);
  ASSERT_EQ(h.loops.size(), 2u);
  EXPECT_TRUE(h.loops[0].is_polyline && h.loops[0].closed);
  ASSERT_EQ(h.loops[0].polyline.size(), 2u);
  EXPECT_EQ(h.loops[0].polyline[1].x, 4);
  EXPECT_EQ(h.loops[0].polyline[1].bulge, 1);
  EXPECT_FALSE(h.loops[1].closed);
  EXPECT_EQ(h.loops[1].polyline.size(), 3u);
}

TEST(DxfHatch, ReadsPatternLines) {
  const Read read = hatch(
      "91 0\n75 0\n76 2\n52 45\n41 2\n77 1\n78 2\n53 45\n43 1\n44 2\n45 -3\n46 3\n79 0\n"
      "53 135\n43 0\n44 0\n45 1\n46 1\n79 2\n49 6\n49 -1.5\n47 0.25\n98 0\n");
  const auto& h = first<Hatch>(read);
  EXPECT_EQ(h.pattern_type, 2);
  EXPECT_EQ(h.pattern_angle_deg, 45);
  EXPECT_EQ(h.pattern_scale, 2);
  EXPECT_TRUE(h.pattern_double);
  EXPECT_EQ(h.pixel_size, 0.25);
  ASSERT_EQ(h.pattern.size(), 2u);
  EXPECT_EQ(h.pattern[0].base, (Vec2{1, 2}));
  EXPECT_EQ(h.pattern[0].offset, (Vec2{-3, 3}));
  EXPECT_TRUE(h.pattern[0].dashes.empty());
  EXPECT_EQ(h.pattern[1].angle_deg, 135);
  EXPECT_EQ(h.pattern[1].dashes, (std::vector<double>{6, -1.5}));
}

TEST(DxfHatch, ReadsGradients) {
  const Read read = hatch(
      "91 0\n75 0\n76 1\n98 1\n10 3\n20 3\n450 1\n451 0\n460 0.5\n461 1\n452 1\n462 0.25\n453 2\n"
      "463 0\n63 1\n421 255\n463 1\n63 2\n470 SPHERICAL\n");
  const auto& g = first<Hatch>(read).gradient;
  EXPECT_TRUE(g.active);
  EXPECT_TRUE(g.one_color);
  EXPECT_EQ(g.angle, 0.5);
  EXPECT_EQ(g.shift, 1);
  EXPECT_EQ(g.tint, 0.25);
  EXPECT_EQ(g.name, "SPHERICAL");
  ASSERT_EQ(g.stops.size(), 2u);
  EXPECT_EQ(g.stops[0].color, (Rgb{0, 0, 255}));
  EXPECT_EQ(g.stops[1].position, 1);
  EXPECT_EQ(g.stops[1].color, (Rgb{255, 255, 0}));  // ACI 2
  EXPECT_EQ(first<Hatch>(read).seeds.size(), 1u);
}

TEST(DxfHatch, SolidHatchesHaveNoGradient) {
  const Read read = hatch("91 0\n75 0\n76 1\n98 0\n450 0\n460 0.5\n463 0\n470 LINEAR\n");
  EXPECT_FALSE(first<Hatch>(read).gradient.active);
  EXPECT_TRUE(first<Hatch>(read).gradient.stops.empty());
}

TEST(DxfHatch, ReadsTheBackgroundColorOfAPattern) {
  const Read read = hatch("91 0\n75 0\n76 1\n1001 HATCHBACKGROUNDCOLOR\n1071 -1023410171\n");
  EXPECT_TRUE(first<Hatch>(read).has_fill_color);
  EXPECT_EQ(first<Hatch>(read).fill_color, Color::aci(5));
}

TEST(DxfHatch, CountsAreNotBelieved) {
  const Read read = hatch(
      "91 2000000000\n92 1\n93 -5\n72 1\n10 1\n20 2\n11 3\n21 4\n97 99999999\n330 2A\n75 0\n76 1\n"
      "78 1000000\n53 0\n43 0\n44 0\n45 1\n46 1\n79 4000000000\n49 1\n98 77777777\n10 1\n20 2\n");
  const auto& h = first<Hatch>(read);
  ASSERT_EQ(h.loops.size(), 1u);
  EXPECT_EQ(h.loops[0].edges.size(), 1u);
  EXPECT_EQ(h.loops[0].sources.size(), 1u);
  EXPECT_EQ(h.pattern.size(), 1u);
  EXPECT_EQ(h.seeds.size(), 1u);
}

TEST(DxfHatch, GroupsWithoutALoopAreIgnored) {
  const Read read =
      hatch("91 1\n10 1\n20 2\n42 3\n72 1\n330 2A\n92 1\n40 1\n11 5\n72 9\n10 1\n75 0\n");
  const auto& h = first<Hatch>(read);
  ASSERT_EQ(h.loops.size(), 1u);
  EXPECT_TRUE(h.loops[0].edges.empty());
  EXPECT_NE(read.diagnostic("HATCH_EDGE_UNKNOWN"), nullptr);
}

TEST(DxfHatch, StopsAtTheVertexLimit) {
  Limits limits;
  limits.max_vertices_per_entity = 10;
  std::string text = groups(std::string(kHead) + "91 1\n92 2\n");
  for (int i = 0; i < 100; ++i) text += "10\n1\n20\n2\n";
  const Read read = read_entities(text, limits);
  EXPECT_LE(first<Hatch>(read).loops.at(0).polyline.size(), 10u);
  EXPECT_NE(read.diagnostic("LIMIT_VERTICES"), nullptr);
}

TEST(DxfMPolygon, ReadsItsLoopsWithAndWithoutTypeFlags) {
  const Read read = read_entities(groups(R"(
    0 MPOLYGON
    100 AcDbEntity
    8 0
    100 AcDbMPolygon
    70 1
    10 0
    20 0
    30 0
    2 SOLID
    71 1
    91 2
    92 2
    73 1
    72 0
    93 3
    10 0
    20 0
    10 4
    20 0
    10 4
    20 4
    73 0
    72 1
    93 2
    10 1
    20 1
    42 1
    10 2
    20 1
    76 1
    63 3
    11 0.5
    21 0.25
    99 0
  )"));
  const auto& h = first<Hatch>(read);
  EXPECT_TRUE(h.is_mpolygon);
  EXPECT_TRUE(h.solid);
  ASSERT_EQ(h.loops.size(), 2u);
  EXPECT_EQ(h.loops[0].polyline.size(), 3u);
  EXPECT_EQ(h.loops[1].polyline.size(), 2u);
  EXPECT_FALSE(h.loops[1].closed);
  EXPECT_EQ(h.loops[1].polyline[0].bulge, 1);
  EXPECT_EQ(h.fill_color, Color::aci(3));
  EXPECT_EQ(h.offset, (Vec2{0.5, 0.25}));
}

}  // namespace
}  // namespace cad::dxf
