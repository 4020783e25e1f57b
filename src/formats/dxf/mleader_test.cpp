// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

constexpr std::string_view kNested = R"(
    0 MULTILEADER
    100 AcDbEntity
    8 0
    62 1
    100 AcDbMLeader
    270 2
    300 CONTEXT_DATA{
    40 2
    10 1
    20 2
    41 0.18
    140 0.5
    145 0.09
    290 1
    304 LEADER_LINE{ is text here
    12 5
    22 6
    13 0
    23 1
    42 1.5
    43 30
    44 7
    90 -1040187386
    171 2
    172 1
    302 LEADER{
    290 1
    291 1
    10 100
    20 200
    11 -1
    21 0
    12 7
    13 8
    90 3
    40 0.36
    304 LEADER_LINE{
    10 10
    20 20
    10 11
    20 21
    90 0
    11 12
    21 13
    12 14
    22 15
    91 1
    92 -1023410174
    305 }
    304 LEADER_LINE{
    10 30
    20 40
    91 2
    305 }
    271 1
    303 }
    302 LEADER{
    290 0
    303 }
    272 9
    273 9
    301 }
    340 D8
    90 279552
    170 2
    91 -1056964608
    171 25
    290 1
    291 0
    41 0.7
    42 0.18
    172 2
    173 6
    95 7
    292 1
    330 2A
    177 1
    44 0
    302 P-101
  )";

TEST(DxfMLeader, ReadsItsNestedParts) {
  const Read read = read_entities(groups(kNested));
  const auto& m = first<MLeader>(read);
  EXPECT_EQ(m.scale, 2);
  EXPECT_EQ(m.char_height, 0.18);
  EXPECT_EQ(m.arrow_size, 0.5);
  EXPECT_EQ(m.text_raw, "LEADER_LINE{ is text here");
  EXPECT_EQ(m.text_position, (Vec3{5, 6, 0}));
  EXPECT_EQ(m.text_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(m.text_width, 30);
  EXPECT_EQ(m.text_defined_height, 7);
  EXPECT_EQ(m.text_attachment, 2);
  EXPECT_EQ(m.text_color.kind, Color::Kind::rgb);
  EXPECT_EQ(m.text_color.rgb, (Rgb{0, 0, 6}));
  ASSERT_EQ(m.roots.size(), 2u);
  const MLeaderRoot& root = m.roots[0];
  EXPECT_EQ(root.connection, (Vec3{100, 200, 0}));
  EXPECT_EQ(root.dogleg_vector, (Vec3{-1, 0, 0}));
  EXPECT_EQ(root.dogleg_length, 0.36);
  EXPECT_EQ(root.index, 3);
  EXPECT_TRUE(root.has_connection && root.has_dogleg && root.attached_vertically);
  ASSERT_EQ(root.lines.size(), 2u);
  EXPECT_EQ(root.lines[0].vertices, (std::vector<Vec3>{{10, 20, 0}, {11, 21, 0}}));
  ASSERT_EQ(root.lines[0].breaks.size(), 1u);
  EXPECT_EQ(root.lines[0].breaks[0].end, (Vec3{14, 15, 0}));
  EXPECT_EQ(root.lines[0].color, Color::aci(2));
  EXPECT_EQ(root.lines[1].index, 2);
  EXPECT_TRUE(m.roots[1].lines.empty());
  EXPECT_EQ(m.content, 2);
  EXPECT_EQ(m.leader_type, 2);
  EXPECT_EQ(m.line_weight, 25);
  EXPECT_EQ(m.dogleg_length, 0.7);
  EXPECT_TRUE(m.has_landing && m.text_frame);
  EXPECT_FALSE(m.has_dogleg);
  EXPECT_EQ(m.attachment_left, 6);
  EXPECT_EQ(m.attachment_right, 7);
  ASSERT_EQ(m.block_attributes.size(), 1u);
  EXPECT_EQ(m.block_attributes[0].definition, 0x2Au);
  EXPECT_EQ(m.block_attributes[0].text, "P-101");
  EXPECT_EQ(read.model()[0].color, Color::aci(1));
}

TEST(DxfMLeader, UnbalancedPartsAreHarmless) {
  const Read read = read_entities(
      groups("0 MULTILEADER\n8 0\n100 AcDbMLeader\n304 LEADER_LINE{\n305 }\n302 LEADER{\n303 }\n"
             "301 }\n10 1\n300 CONTEXT_DATA{\n300 CONTEXT_DATA{\n304 A\n304 LEADER_LINE{\n"
             "302 LEADER{\n302 LEADER{\n304 LEADER_LINE{\n304 LEADER_LINE{\n10 1\n20 2\n"));
  const auto& m = first<MLeader>(read);
  ASSERT_EQ(m.roots.size(), 1u);
  ASSERT_EQ(m.roots[0].lines.size(), 1u);
  EXPECT_EQ(m.roots[0].lines[0].vertices.size(), 1u);
}

TEST(DxfMLeader, StopsAtTheVertexLimit) {
  Limits limits;
  limits.max_vertices_per_entity = 5;
  std::string text = groups("0 MULTILEADER\n8 0\n100 AcDbMLeader\n300 CONTEXT_DATA{\n");
  for (int i = 0; i < 50; ++i)
    text += groups("302 LEADER{\n304 LEADER_LINE{\n10 1\n20 2\n305 }\n303 }\n");
  const Read read = read_entities(text, limits);
  EXPECT_LE(first<MLeader>(read).roots.size(), 5u);
  EXPECT_NE(read.diagnostic("LIMIT_VERTICES"), nullptr);
}

}  // namespace
}  // namespace cad::dxf
