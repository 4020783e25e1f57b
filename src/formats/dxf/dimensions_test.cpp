// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

using Kind = Dimension::Kind;

TEST(DxfDimension, ReadsALinearOne) {
  const Read read = read_entities(groups(R"(
    0 DIMENSION
    100 AcDbEntity
    8 0
    100 AcDbDimension
    2 *D7
    10 10
    20 5
    11 5
    21 5
    70 160
    71 8
    72 2
    41 1.5
    42 9.75
    1 <> mm
    3 ISO-25
    53 12
    51 3
    100 AcDbAlignedDimension
    13 0
    23 0
    14 10
    24 0
    50 30
    52 75
    100 AcDbRotatedDimension
  )"));
  const auto& d = first<Dimension>(read);
  EXPECT_EQ(d.kind, Kind::linear);
  EXPECT_EQ(d.flags, 160);
  EXPECT_EQ(read.drawing.at(d.block).name, "*D7");
  EXPECT_EQ(d.definition_point, (Vec3{10, 5, 0}));
  EXPECT_EQ(d.text_midpoint, (Vec3{5, 5, 0}));
  EXPECT_EQ(d.point14, (Vec3{10, 0, 0}));
  EXPECT_EQ(d.measurement, 9.75);
  EXPECT_EQ(d.text, "<> mm");
  EXPECT_EQ(d.style_name, "ISO-25");
  EXPECT_EQ(d.attachment, 8);
  EXPECT_EQ(d.line_spacing_style, 2);
  EXPECT_EQ(d.line_spacing, 1.5);
  EXPECT_EQ(d.rotation_deg, 30);
  EXPECT_EQ(d.horizontal_deg, 3);
  EXPECT_EQ(d.extension_oblique_deg, 75);
  EXPECT_EQ(d.text_rotation_deg, 12);
  EXPECT_FALSE(d.overrides.any);
}

TEST(DxfDimension, WithoutAMeasurementThereIsNone) {
  const Read read = read_entities(groups("0 DIMENSION\n8 0\n2 *D1\n10 1\n70 1\n13 0\n14 4\n"));
  EXPECT_EQ(first<Dimension>(read).kind, Kind::aligned);
  EXPECT_FALSE(first<Dimension>(read).measurement.has_value());
}

TEST(DxfDimension, KindsComeFromGroup70) {
  const std::pair<int, Kind> kinds[] = {{34, Kind::angular},  {35, Kind::diameter},
                                        {36, Kind::radius},   {37, Kind::angular3p},
                                        {38, Kind::ordinate}, {33, Kind::aligned}};
  for (const auto& [flags, kind] : kinds) {
    const Read read = read_entities(groups("0 DIMENSION\n8 0\n70 " + std::to_string(flags) + "\n"));
    EXPECT_EQ(first<Dimension>(read).kind, kind) << flags;
  }
  const Read x = read_entities(groups("0 DIMENSION\n8 0\n70 102\n"));
  EXPECT_TRUE(first<Dimension>(x).ordinate_x);
  const Read y = read_entities(groups("0 DIMENSION\n8 0\n70 38\n"));
  EXPECT_FALSE(first<Dimension>(y).ordinate_x);
}

TEST(DxfDimension, TheMarkerNamesTheKindWhereGroup70Cannot) {
  const Read none = read_entities(groups(
      "0 DIMENSION\n100 AcDbEntity\n8 0\n100 AcDbDimension\n10 1\n100 AcDbRadialDimension\n15 "
      "2\n40 3\n"));
  EXPECT_EQ(first<Dimension>(none).kind, Kind::radius);
  EXPECT_EQ(first<Dimension>(none).leader_length, 3);
  const Read undefined = read_entities(
      groups("0 DIMENSION\n8 0\n100 AcDbDimension\n70 7\n100 AcDbOrdinateDimension\n13 1\n"));
  EXPECT_EQ(first<Dimension>(undefined).kind, Kind::ordinate);
  EXPECT_NE(undefined.diagnostic("DIMENSION_KIND_UNKNOWN"), nullptr);
}

TEST(DxfDimension, ReadsStyleOverrides) {
  const Read read = read_entities(groups(R"(
    0 DIMENSION
    8 0
    70 1
    1001 ACAD
    1000 DSTYLE
    1002 {
    1070 140
    1040 3.5
    1070 176
    1070 1
    1070 271
    1070 3
    1070 342
    1005 2F
    1070 9999
    1040 1
    1002 }
    1070 41
    1040 99
  )"));
  const DimOverrides& o = first<Dimension>(read).overrides;
  EXPECT_TRUE(o.any);
  EXPECT_EQ(o.text_height, 3.5);
  EXPECT_EQ(o.line_color, Color::aci(1));
  EXPECT_EQ(o.decimal_places, 3);
  EXPECT_EQ(o.arrow, 0x2Fu);
  EXPECT_FALSE(o.arrow_size.has_value());  // behind the closing brace
}

TEST(DxfDimension, ReadsArcLengths) {
  const Read read = read_entities(groups(R"(
    0 ARC_DIMENSION
    100 AcDbEntity
    8 0
    100 AcDbDimension
    70 37
    71 5
    42 8.5
    100 AcDbArcDimension
    13 1
    14 2
    15 3
    70 1
    40 6.2
    41 1.4
    71 1
    16 4
    17 5
  )"));
  const auto& d = first<Dimension>(read);
  EXPECT_EQ(d.kind, Kind::arc);
  EXPECT_EQ(d.flags, 37);
  EXPECT_EQ(d.attachment, 5);
  EXPECT_EQ(d.arc_start, 6.2);
  EXPECT_EQ(d.arc_end, 1.4);
  EXPECT_TRUE(d.arc_is_partial && d.arc_has_leader);
  EXPECT_EQ(d.point15.x, 3);
  EXPECT_EQ(d.point17.x, 5);
  EXPECT_EQ(d.leader_length, 0);
}

TEST(DxfDimension, ReadsJoggedRadii) {
  const Read read =
      read_entities(groups("0 LARGE_RADIAL_DIMENSION\n8 0\n100 AcDbDimension\n70 169\n10 1\n"
                           "100 AcDbRadialDimensionLarge\n13 2\n14 3\n15 4\n40 0.785\n"));
  const auto& d = first<Dimension>(read);
  EXPECT_EQ(d.kind, Kind::jogged_radius);
  EXPECT_EQ(d.point14.x, 3);
  EXPECT_EQ(d.jog_angle, 0.785);
  EXPECT_EQ(d.leader_length, 0);
}

TEST(DxfLeader, ReadsVerticesAndAnnotation) {
  const Read read = read_entities(groups(R"(
    0 LEADER
    100 AcDbEntity
    8 0
    100 AcDbLeader
    3 Standard
    71 0
    72 1
    73 0
    74 1
    75 1
    40 2.5
    41 12
    76 4000000000
    10 1
    20 2
    30 3
    10 4
    20 5
    30 6
    77 3
    340 2E
    211 0
    221 1
    231 0
    213 0.5
    223 0
    233 0
    1001 ACAD
    1000 DSTYLE
    1002 {
    1070 41
    1040 0.5
    1002 }
  )"));
  const auto& l = first<Leader>(read);
  EXPECT_EQ(l.vertices, (std::vector<Vec3>{{1, 2, 3}, {4, 5, 6}}));
  EXPECT_FALSE(l.has_arrow);
  EXPECT_TRUE(l.is_spline && l.has_hook && l.hook_same_direction);
  EXPECT_EQ(l.annotation_kind, 0);
  EXPECT_EQ(l.annotation, 0x2Eu);
  EXPECT_EQ(l.text_height, 2.5);
  EXPECT_EQ(l.color_override, 3);
  EXPECT_EQ(l.horizontal_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(l.annotation_offset, (Vec3{0.5, 0, 0}));
  EXPECT_EQ(l.overrides.arrow_size, 0.5);
}

}  // namespace
}  // namespace cad::dxf
