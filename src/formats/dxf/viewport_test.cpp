// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

constexpr std::string_view kView = R"(
    0 VIEWPORT
    100 AcDbEntity
    8 0
    100 AcDbViewport
    10 100
    20 50
    40 200
    41 100
    68 2
    69 3
    12 5
    22 6
    13 1
    14 2
    15 3
    16 0
    26 0
    36 -1
    17 7
    27 8
    42 35
    43 1
    44 -1
    45 400
    50 10
    51 90
    331 10
    331 FFFF
    90 98304
    340 2F
    1 plot.ctb
    281 2
    110 1
    120 2
    146 4
    170 3
  )";

TEST(DxfViewport, ReadsTheView) {
  const Read read = read_text(
      groups(
          "0 SECTION\n2 TABLES\n0 TABLE\n2 LAYER\n0 LAYER\n5 10\n100 AcDbSymbolTableRecord\n"
          "100 AcDbLayerTableRecord\n2 Hidden\n70 0\n0 ENDTAB\n0 ENDSEC\n0 SECTION\n2 ENTITIES\n") +
      groups(kView) + "0\nENDSEC\n0\nEOF\n");
  const auto& v = first<Viewport>(read);
  EXPECT_EQ(v.center, (Vec3{100, 50, 0}));
  EXPECT_EQ(v.width, 200);
  EXPECT_EQ(v.height, 100);
  EXPECT_EQ(v.status, 2);
  EXPECT_EQ(v.id, 3);
  EXPECT_EQ(v.view_center, (Vec2{5, 6}));
  EXPECT_EQ(v.view_direction, (Vec3{0, 0, -1}));
  EXPECT_EQ(v.view_target, (Vec3{7, 8, 0}));
  EXPECT_EQ(v.view_height, 400);
  EXPECT_EQ(v.lens_length, 35);
  EXPECT_EQ(v.twist_deg, 90);
  EXPECT_EQ(v.snap_angle_deg, 10);
  EXPECT_EQ(v.flags, 98304u);
  EXPECT_EQ(v.clip_boundary, 0x2Fu);
  EXPECT_EQ(v.plot_style, "plot.ctb");
  EXPECT_EQ(v.render_mode, 2);
  EXPECT_EQ(v.shade_plot, 3);
  EXPECT_EQ(v.ucs_origin, (Vec3{1, 2, 0}));
  EXPECT_EQ(v.elevation, 4);
  ASSERT_EQ(v.frozen_layers.size(), 1u);  // FFFF is no layer
  EXPECT_EQ(read.drawing.at(v.frozen_layers[0]).name, "Hidden");
}

TEST(DxfViewport, ReadsTheViewOfR12FromItsExtendedData) {
  const Read read = read_entities(groups(R"(
    0 VIEWPORT
    8 0
    10 5
    20 4
    40 9
    41 6
    68 2
    69 2
    1001 ACAD
    1000 MVIEW
    1002 {
    1070 16
    1010 1
    1020 2
    1030 3
    1010 0
    1020 0
    1030 1
    1040 30
    1040 9.5
    1040 6
    1040 4.5
    1040 50
    1040 0
    1040 0
    1070 1
    1070 1000
    1002 {
    1003 Frozen
    1002 }
    1002 }
  )"));
  const auto& v = first<Viewport>(read);
  EXPECT_EQ(v.view_target, (Vec3{1, 2, 3}));
  EXPECT_EQ(v.view_direction, (Vec3{0, 0, 1}));
  EXPECT_EQ(v.twist_deg, 30);
  EXPECT_EQ(v.view_height, 9.5);
  EXPECT_EQ(v.view_center, (Vec2{6, 4.5}));
  EXPECT_EQ(v.flags, 1u);
  ASSERT_EQ(v.frozen_layers.size(), 1u);
  EXPECT_EQ(read.drawing.at(v.frozen_layers[0]).name, "Frozen");
}

TEST(DxfMLine, ReadsVerticesWithTheirParameters) {
  const Read read = read_entities(groups(R"(
    0 MLINE
    100 AcDbEntity
    8 0
    100 AcDbMline
    2 ROAD
    340 18
    40 1.5
    70 2
    71 3
    72 99999999
    73 2
    10 1
    20 1
    30 0
    11 1
    21 2
    31 3
    12 1
    22 0
    13 0
    23 1
    74 2
    41 0.75
    41 0
    75 0
    74 1
    41 -0.75
    75 2
    42 1
    42 2
    11 9
    21 2
    12 0
    22 1
    74 0
    75 0
  )"));
  const auto& m = first<MLine>(read);
  EXPECT_EQ(m.style_name, "ROAD");
  EXPECT_EQ(read.drawing.at(m.style).name, "ROAD");
  EXPECT_EQ(m.scale, 1.5);
  EXPECT_EQ(m.justification, 2);
  EXPECT_TRUE(m.closed());
  ASSERT_EQ(m.vertices.size(), 2u);
  EXPECT_EQ(m.vertices[0].position, (Vec3{1, 2, 3}));
  EXPECT_EQ(m.vertices[0].miter, (Vec3{0, 1, 0}));
  EXPECT_EQ(m.vertices[0].line_params, (std::vector<std::vector<double>>{{0.75, 0}, {-0.75}}));
  EXPECT_EQ(m.vertices[0].fill_params, (std::vector<std::vector<double>>{{}, {1, 2}}));
  EXPECT_EQ(m.vertices[1].direction, (Vec3{0, 1, 0}));
}

TEST(DxfHelix, ReadsTheSplineAndItsDefinition) {
  const Read read = read_entities(groups(R"(
    0 HELIX
    100 AcDbEntity
    8 0
    100 AcDbSpline
    70 8
    71 3
    40 0
    40 1
    10 1
    20 2
    30 3
    100 AcDbHelix
    90 29
    10 4
    20 5
    11 6
    12 0
    32 1
    40 7
    41 3
    42 2.5
    290 0
    280 1
  )"));
  const auto& h = first<Helix>(read);
  EXPECT_EQ(h.spline.knots.size(), 2u);
  EXPECT_EQ(h.spline.control_points, (std::vector<Vec3>{{1, 2, 3}}));
  EXPECT_EQ(h.axis_base, (Vec3{4, 5, 0}));
  EXPECT_EQ(h.start_point.x, 6);
  EXPECT_EQ(h.axis_vector, (Vec3{0, 0, 1}));
  EXPECT_EQ(h.radius, 7);
  EXPECT_EQ(h.turns, 3);
  EXPECT_EQ(h.turn_height, 2.5);
  EXPECT_FALSE(h.right_handed);
  EXPECT_EQ(h.constraint, 1);
}

}  // namespace
}  // namespace cad::dxf
