// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

TEST(DxfText, ReadsAlignmentAndStyle) {
  const Read read = read_entities(groups(R"(
    0 TEXT
    100 AcDbEntity
    8 0
    100 AcDbText
    10 1
    20 2
    40 2.5
    1 R = 5%%p0.1
    50 30
    41 0.8
    51 15
    7 Roman
    71 6
    72 4
    11 3
    21 4
    100 AcDbText
    73 2
  )"));
  const auto& text = first<Text>(read);
  EXPECT_EQ(text.position, (Vec3{1, 2, 0}));
  EXPECT_EQ(text.alignment_point, (Vec3{3, 4, 0}));
  EXPECT_TRUE(text.has_alignment_point);
  EXPECT_EQ(text.halign, HAlign::middle);
  EXPECT_EQ(text.valign, VAlign::middle);
  EXPECT_EQ(text.height, 2.5);
  EXPECT_EQ(text.rotation_deg, 30);
  EXPECT_EQ(text.width_factor, 0.8);
  EXPECT_EQ(text.oblique_deg, 15);
  EXPECT_TRUE(text.backward && text.upside_down);
  EXPECT_EQ(text.value, "R = 5%%p0.1");
  EXPECT_EQ(read.drawing.at(text.style).name, "Roman");
}

TEST(DxfText, IgnoresTheSecondPointOfLeftBaselineText) {
  const Read read = read_entities(groups("0 TEXT\n8 0\n10 5\n20 6\n11 0\n21 0\n40 1\n1 A\n"));
  EXPECT_FALSE(first<Text>(read).has_alignment_point);
  EXPECT_EQ(first<Text>(read).position, (Vec3{5, 6, 0}));
}

TEST(DxfText, TakesUndefinedAlignmentsAsLeftBaseline) {
  const Read read = read_entities(groups("0 TEXT\n8 0\n10 5\n40 1\n1 A\n72 99\n73 -7\n"));
  EXPECT_EQ(first<Text>(read).halign, HAlign::left);
  EXPECT_EQ(first<Text>(read).valign, VAlign::baseline);
}

TEST(DxfMText, JoinsChunksBeforeDecodingThem) {
  // The two bytes of U+00E9 are in different chunks.
  const Read read = read_text(
      "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1032\n0\nENDSEC\n0\nSECTION\n2\n"
      "ENTITIES\n0\nMTEXT\n100\nAcDbEntity\n8\n0\n100\nAcDbMText\n"
      "3\ncaf\xC3\n3\n\xA9 \n1\ncr\xC3\xA8me\n0\nENDSEC\n0\nEOF\n");
  EXPECT_EQ(first<MText>(read).raw, "caf\xC3\xA9 cr\xC3\xA8me");
  EXPECT_TRUE(read.diagnostics.all().empty());
}

TEST(DxfMText, TheLaterOfDirectionAndRotationHolds) {
  const Read direction =
      read_entities(groups("0 MTEXT\n8 0\n100 AcDbMText\n1 A\n50 90\n11 0\n21 -1\n31 0\n"));
  EXPECT_EQ(first<MText>(direction).x_direction, (Vec3{0, -1, 0}));
  EXPECT_DOUBLE_EQ(first<MText>(direction).rotation_deg, -90);
  const Read rotation =
      read_entities(groups("0 MTEXT\n8 0\n100 AcDbMText\n1 A\n11 0\n21 -1\n31 0\n50 45\n"));
  EXPECT_EQ(first<MText>(rotation).x_direction, Vec3{});
  EXPECT_EQ(first<MText>(rotation).rotation_deg, 45);
}

TEST(DxfMText, ReadsLayoutAndBackground) {
  const Read read = read_entities(groups(R"(
    0 MTEXT
    100 AcDbEntity
    8 0
    62 3
    100 AcDbMText
    10 1
    20 2
    40 0.5
    41 30
    46 12
    71 8
    72 3
    73 2
    44 1.25
    90 17
    63 5
    421 660510
    45 1.2
    1 A\PB
  )"));
  const auto& text = first<MText>(read);
  EXPECT_EQ(text.width, 30);
  EXPECT_EQ(text.defined_height, 12);
  EXPECT_EQ(text.attachment, 8);
  EXPECT_EQ(text.flow, 3);
  EXPECT_EQ(text.line_spacing_style, 2);
  EXPECT_EQ(text.line_spacing, 1.25);
  EXPECT_EQ(text.background_flags, 17);
  EXPECT_EQ(text.background_color_aci, 5u);
  EXPECT_EQ(text.background_rgb, 0x0A141Eu);
  EXPECT_EQ(text.background_scale, 1.2);
  EXPECT_EQ(read.model()[0].color, Color::aci(3));
}

TEST(DxfMText, ReadsTheColumnsOf2018) {
  const Read read = read_entities(groups(R"(
    0 MTEXT
    100 AcDbEntity
    8 0
    100 AcDbMText
    10 7
    40 1
    41 20
    71 1
    1 text
    101 Embedded Object
    70 1
    10 1
    20 0
    11 99
    40 20
    41 0
    71 2
    72 3
    44 20
    45 1.5
    73 0
    74 1
    46 20
    46 30
    46 0
  )"));
  const auto& text = first<MText>(read);
  EXPECT_EQ(text.position.x, 7);
  EXPECT_EQ(text.height, 1);
  EXPECT_EQ(text.attachment, 1);
  EXPECT_EQ(text.column_type, 2);
  EXPECT_EQ(text.column_count, 3u);
  EXPECT_EQ(text.column_width, 20);
  EXPECT_EQ(text.column_gutter, 1.5);
  EXPECT_TRUE(text.column_flow_reversed);
  EXPECT_FALSE(text.column_auto_height);
  EXPECT_EQ(text.column_heights, (std::vector<double>{20, 30, 0}));
}

constexpr std::string_view kColumnInfo = R"(
    0 MTEXT
    8 0
    100 AcDbMText
    1 text
    1001 ACAD
    1000 ACAD_MTEXT_COLUMN_INFO_BEGIN
    1070 75
    1070 2
    1070 79
    1070 1
    1070 76
    1070 2
    1070 78
    1070 0
    1070 48
    1040 9
    1070 49
    1040 1
    1070 50
    1070 2
    1040 4
    1040 5
    1000 ACAD_MTEXT_COLUMN_INFO_END
)";

TEST(DxfMText, ReadsTheColumnsOf2007) {
  const Read read = read_entities(groups(kColumnInfo));
  const auto& text = first<MText>(read);
  EXPECT_EQ(text.column_type, 2);
  EXPECT_EQ(text.column_count, 2u);
  EXPECT_EQ(text.column_width, 9);
  EXPECT_TRUE(text.column_auto_height);
  EXPECT_EQ(text.column_heights, (std::vector<double>{4, 5}));
  EXPECT_TRUE(text.linked_columns.empty());
}

TEST(DxfMText, LinkedColumnsLeaveTheTextInOne) {
  const Read read = read_entities(groups(
      std::string(kColumnInfo) +
      "1000 ACAD_MTEXT_COLUMNS_BEGIN\n1070 47\n1070 2\n1005 4F\n1000 ACAD_MTEXT_COLUMNS_END\n"
      "1000 ACAD_MTEXT_DEFINED_HEIGHT_BEGIN\n1070 46\n1040 12.5\n"
      "1000 ACAD_MTEXT_DEFINED_HEIGHT_END\n"));
  const auto& text = first<MText>(read);
  EXPECT_EQ(text.column_type, 0);
  EXPECT_EQ(text.linked_columns, (std::vector<Handle>{0x4F}));
  EXPECT_EQ(text.defined_height, 12.5);
}

TEST(DxfMText, ColumnHeightsThatAreMissingAreNotBelieved) {
  const Read read = read_entities(
      groups("0 MTEXT\n8 0\n100 AcDbMText\n1 text\n1001 ACAD\n1000 ACAD_MTEXT_COLUMN_INFO_BEGIN\n"
             "1070 75\n1070 1\n1070 50\n1070 32000\n1040 4\n"));
  EXPECT_EQ(first<MText>(read).column_heights, (std::vector<double>{4}));
}

TEST(DxfAttrib, ReadsR12) {
  const Read read = read_entities(groups(
      "0 ATTRIB\n8 0\n10 1\n20 2\n40 3\n1 42\n2 NUMBER\n70 1\n73 4\n72 2\n11 5\n21 6\n74 3\n"));
  const auto& attribute = first<Attribute>(read);
  EXPECT_EQ(attribute.tag, "NUMBER");
  EXPECT_EQ(attribute.text.value, "42");
  EXPECT_TRUE(attribute.invisible());
  EXPECT_EQ(attribute.field_length, 4);
  EXPECT_EQ(attribute.text.halign, HAlign::right);
  EXPECT_EQ(attribute.text.valign, VAlign::top);
  EXPECT_EQ(attribute.text.alignment_point, (Vec3{5, 6, 0}));
  EXPECT_FALSE(attribute.has_mtext);
  EXPECT_EQ(type_name(read.model()[0]), "ATTRIB");
}

TEST(DxfAttdef, KeepsItsOwnAlignmentBesideTheMultiLineText) {
  const Read read = read_entities(groups(R"(
    0 ATTDEF
    100 AcDbEntity
    8 0
    100 AcDbText
    10 1
    20 2
    40 0.5
    1 default
    71 2
    72 1
    11 3
    21 4
    100 AcDbAttributeDefinition
    280 0
    3 Which one?
    2 ROOM
    70 8
    74 3
    280 1
    71 4
    72 0
    11 77
    21 77
    101 Embedded Object
    10 8
    20 9
    40 0.7
    41 25
    71 5
    72 5
    3 first
    1 \Psecond
    73 1
    44 1
  )"));
  const auto& attribute = first<Attribute>(read);
  EXPECT_TRUE(attribute.is_definition);
  EXPECT_EQ(attribute.prompt, "Which one?");
  EXPECT_EQ(attribute.tag, "ROOM");
  EXPECT_EQ(attribute.flags, 8);
  EXPECT_TRUE(attribute.lock_position);
  EXPECT_TRUE(attribute.text.backward);
  EXPECT_EQ(attribute.text.halign, HAlign::center);
  EXPECT_EQ(attribute.text.valign, VAlign::top);
  EXPECT_EQ(attribute.text.alignment_point, (Vec3{3, 4, 0}));
  EXPECT_EQ(attribute.text.value, "default");
  ASSERT_TRUE(attribute.has_mtext);
  EXPECT_EQ(attribute.mtext.raw, "first\\Psecond");
  EXPECT_EQ(attribute.mtext.position, (Vec3{8, 9, 0}));
  EXPECT_EQ(attribute.mtext.height, 0.7);
  EXPECT_EQ(attribute.mtext.attachment, 5);
  EXPECT_EQ(type_name(read.model()[0]), "ATTDEF");
}

TEST(DxfAttdef, KnowsTheLockWithoutAVersionBeforeIt) {
  const Read read = read_entities(
      groups("0 ATTDEF\n100 AcDbEntity\n8 0\n100 AcDbText\n10 1\n40 3\n1 A\n72 1\n11 5\n"
             "100 AcDbAttributeDefinition\n3 Q\n2 TAG\n70 0\n280 1\n71 1\n72 0\n11 9\n"));
  const auto& attribute = first<Attribute>(read);
  EXPECT_TRUE(attribute.lock_position);
  EXPECT_EQ(attribute.text.halign, HAlign::center);
  EXPECT_EQ(attribute.text.alignment_point.x, 5);
}

TEST(DxfAttrib, TheRecordOf2007IsNoPartOfTheText) {
  const Read read = read_entities(
      groups("0 ATTRIB\n100 AcDbEntity\n8 0\n100 AcDbText\n10 1\n20 2\n40 3\n1 A\n100 "
             "AcDbAttribute\n2 TAG\n"
             "70 0\n100 AcDbXrecord\n280 1\n70 2\n70 0\n10 50\n20 60\n40 9\n2 OTHER\n"));
  const auto& attribute = first<Attribute>(read);
  EXPECT_EQ(attribute.tag, "TAG");
  EXPECT_EQ(attribute.flags, 0);
  EXPECT_EQ(attribute.text.position, (Vec3{1, 2, 0}));
  EXPECT_EQ(attribute.text.height, 3);
}

TEST(DxfTolerance, ReadsItsFrame) {
  const Read read = read_entities(
      groups("0 TOLERANCE\n8 0\n100 AcDbFcf\n3 ISO\n10 1\n20 2\n1 {\\Fgdt;j}%%v0.1\n11 0\n21 1\n"));
  const auto& tolerance = first<Tolerance>(read);
  EXPECT_EQ(tolerance.value, "{\\Fgdt;j}%%v0.1");
  EXPECT_EQ(tolerance.dim_style_name, "ISO");
  EXPECT_EQ(tolerance.x_direction, (Vec3{0, 1, 0}));
}

TEST(DxfShape, ReadsNameAndSize) {
  const Read read =
      read_entities(groups("0 SHAPE\n8 0\n10 1\n20 2\n40 3\n2 TRACK1\n50 90\n41 2\n51 10\n"));
  const auto& shape = first<Shape>(read);
  EXPECT_EQ(shape.name, "TRACK1");
  EXPECT_EQ(shape.size, 3);
  EXPECT_EQ(shape.rotation_deg, 90);
  EXPECT_EQ(shape.width_factor, 2);
  EXPECT_EQ(shape.oblique_deg, 10);
}

}  // namespace
}  // namespace cad::dxf
