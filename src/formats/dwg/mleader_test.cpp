// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dwg/testing/every_version.hpp"
#include "formats/dwg/testing/hand_made.hpp"

namespace cad::dwg {
namespace {

using testing::HandMade;
using testing::ObjectWriter;

constexpr Handle kArrow = 0x28, kContent = 0x29, kSelf = 0x30, kMLeaderStyle = 0x40, kAttDef = 0x41;

class DwgMLeader : public ::testing::TestWithParam<Version> {
 protected:
  DwgMLeader() : drawing(GetParam()), out(GetParam()) {
    drawing.add_block(kArrow, "_Dot", u"_Dot");
    drawing.add_block(kContent, "Callout", u"Callout");
    out.entity_common(0);
    if (from(Version::r2010)) out.data.bs(2);
  }

  bool from(Version v) const { return GetParam() >= v; }

  void put_color(int index) {
    if (from(Version::r2004)) {
      out.data.bs(0).bl_as(0, static_cast<std::int64_t>(0xC3000000u) | index).rc(0);
    } else {
      out.data.bs(index);
    }
  }

  void put_line(std::initializer_list<Vec3> points, bool broken) {
    out.data.bl(static_cast<std::int64_t>(points.size()));
    for (const Vec3 p : points) out.data.bd3(p);
    out.data.bl(broken ? 1 : 0);
    if (broken) out.data.bl(0).bl(1).bd3({1, 0, 0}).bd3({2, 0, 0});
    out.data.bl(7);
    if (!from(Version::r2010)) return;
    out.data.bs(1);
    put_color(3);
    out.data.bl(-1).bd(2.5).bl(0);
    out.handles.h(5, 0).h(5, kArrow);
  }

  void put_root_head(unsigned lines) {
    out.data.b(true).b(true).bd3({10, 10, 0}).bd3({1, 0, 0});
    out.data.bl(1).bd3({3, 0, 0}).bd3({4, 0, 0});  // a break
    out.data.bl(5).bd(8).bl(lines);
  }
  void put_root_end() {
    if (from(Version::r2010)) out.data.bs(1);
  }

  void put_context_head() {
    out.data.bd(2).bd3({1, 1, 1}).bd(3.5).bd(4).bd(1.5).bs(1).bs(1).bs(0).bs(0);
  }
  void put_text() {
    out.data.b(true);
    out.text("A\\PB", u"A\\PB");
    out.data.bd3({0, 0, 1}).bd3({20, 10, 0}).bd3({0, 1, 0}).bd(0.5).bd(30).bd(6).bd(1.25).bs(2);
    put_color(1);
    out.data.bs(2).bs(6);
    put_color(9);
    out.data.bd(1.75).bl(0).b(true).b(true).bs(0).b(false).bd(0).bd(0).b(false);
    out.data.bl(1).bd(11).b(true).b(false);
    out.handles.h(5, 0);
  }
  void put_block() {
    out.data.b(false).b(true).bd3({0, 0, -1}).bd3({21, 10, 0}).bd3({2, 3, 4}).bd(0.25);
    put_color(6);
    for (int i = 0; i < 16; ++i) out.data.bd(i % 5 == 0 ? 1 : 0);
    out.handles.h(5, kContent);
  }
  void put_context_end() {
    out.data.bd3({5, 5, 0}).bd3({0, 1, 0}).bd3({-1, 0, 0}).b(false);
    if (from(Version::r2010)) out.data.bs(9).bs(9);
  }

  void put_own(int content) {
    out.data.bl(0).bs(2);
    put_color(4);
    out.data.bl(-2).b(true).b(false).bd(8).bd(4).bs(content).bs(6).bs(3).bs(1).bs(0);
    put_color(0);
    out.data.b(true);
    put_color(0);
    out.data.bd3({1, 1, 1}).bd(0).bs(0).b(false);
    out.handles.h(5, kMLeaderStyle).h(5, 0).h(5, kArrow).h(5, 0).h(5, 0);
    if (!from(Version::r2010)) {
      out.data.bl(1).b(false);
      out.handles.h(5, kArrow);
    }
    out.data.bl(1);
    out.handles.h(4, kAttDef);
    out.text("A-05", u"A-05");
    out.data.bs(0).bd(12.5).b(false).bs(0).bs(1).bd(1);
    if (from(Version::r2010)) out.data.bs(1).bs(10).bs(2);
    if (from(Version::r2013)) out.data.b(false);
  }

  const MLeader& read() {
    drawing.add(testing::kMultileader, kSelf, out);
    drawing.read();
    const Entity* const entity = drawing.entity(kSelf);
    if (entity == nullptr) return missing;
    const auto* leader = std::get_if<Indirect<MLeader>>(&entity->geometry);
    return leader != nullptr ? **leader : missing;
  }

  void expect_damaged() {
    read();
    ASSERT_NE(drawing.entity(kSelf), nullptr);
    EXPECT_TRUE(std::holds_alternative<Indirect<Unknown>>(drawing.entity(kSelf)->geometry));
    EXPECT_TRUE(drawing.says("DWG_ENTITY_DAMAGED"));
  }

  HandMade drawing;
  ObjectWriter out;
  MLeader missing;
};

TEST_P(DwgMLeader, ReadsRootsAndText) {
  out.data.bl(1);
  put_root_head(2);
  put_line({{0, 0, 0}, {5, 5, 0}}, true);
  put_line({{1, 0, 0}}, false);
  put_root_end();
  put_context_head();
  put_text();
  put_context_end();
  put_own(2);
  const MLeader& m = read();
  EXPECT_TRUE(drawing.is_complete(kSelf));
  ASSERT_EQ(m.roots.size(), 1u);
  const MLeaderRoot& root = m.roots[0];
  EXPECT_TRUE(root.has_connection && root.has_dogleg);
  EXPECT_EQ(root.connection, (Vec3{10, 10, 0}));
  EXPECT_EQ(root.dogleg_vector, (Vec3{1, 0, 0}));
  EXPECT_EQ(root.dogleg_length, 8);
  EXPECT_EQ(root.index, 5);
  EXPECT_EQ(root.attached_vertically, from(Version::r2010));
  ASSERT_EQ(root.lines.size(), 2u);
  EXPECT_EQ(root.lines[0].vertices, (std::vector<Vec3>{{0, 0, 0}, {5, 5, 0}}));
  ASSERT_EQ(root.lines[0].breaks.size(), 1u);
  EXPECT_EQ(root.lines[0].breaks[0].end, (Vec3{2, 0, 0}));
  EXPECT_EQ(root.lines[1].index, 7);
  EXPECT_EQ(root.lines[1].color.kind,
            from(Version::r2010) ? Color::Kind::index : Color::Kind::by_block);
  EXPECT_TRUE(m.has_text);
  EXPECT_EQ(m.text_raw, "A\\PB");
  EXPECT_EQ(m.scale, 2);
  EXPECT_EQ(m.text_height, 3.5);
  EXPECT_EQ(m.arrow_size, 4);
  EXPECT_EQ(m.landing_gap, 1.5);
  EXPECT_EQ(m.text_position, (Vec3{20, 10, 0}));
  EXPECT_EQ(m.text_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(m.text_rotation, 0.5);
  EXPECT_EQ(m.text_width, 30);
  EXPECT_EQ(m.text_defined_height, 6);
  EXPECT_EQ(m.text_line_spacing, 1.25);
  EXPECT_EQ(m.text_line_spacing_style, 2);
  EXPECT_EQ(m.text_color, Color::aci(1));
  EXPECT_EQ(m.text_attachment, 2);
  EXPECT_EQ(m.text_flow, 5);
  EXPECT_EQ(m.text_background_color, Color::aci(9));
  EXPECT_EQ(m.text_background_scale, 1.75);
  EXPECT_TRUE(m.text_background);
  EXPECT_EQ(m.plane_y, (Vec3{-1, 0, 0}));
}

TEST_P(DwgMLeader, ReadsBlocksAndOwnValues) {
  out.data.bl(0);
  put_context_head();
  put_block();
  put_context_end();
  put_own(1);
  const MLeader& m = read();
  EXPECT_TRUE(drawing.is_complete(kSelf));
  EXPECT_FALSE(m.has_text);
  EXPECT_TRUE(m.has_block);
  ASSERT_TRUE(m.block.valid());
  EXPECT_EQ(drawing.block_name(m.block), "Callout");
  EXPECT_EQ(m.block_normal, (Vec3{0, 0, -1}));
  EXPECT_EQ(m.block_position, (Vec3{21, 10, 0}));
  EXPECT_EQ(m.block_scale, (Vec3{2, 3, 4}));
  EXPECT_EQ(m.block_rotation, 0.25);
  EXPECT_EQ(m.block_color, Color::aci(6));
  EXPECT_EQ(m.style, kMLeaderStyle);
  EXPECT_EQ(m.leader_type, 2);
  EXPECT_EQ(m.line_color, Color::aci(4));
  EXPECT_EQ(m.line_weight, -2);
  EXPECT_TRUE(m.has_landing);
  EXPECT_FALSE(m.has_dogleg);
  EXPECT_EQ(m.dogleg_length, 8);
  ASSERT_TRUE(m.arrow.valid() && m.arrow_is_named);
  EXPECT_EQ(drawing.block_name(m.arrow), "_Dot");
  EXPECT_EQ(m.content, 1);
  EXPECT_EQ(m.attachment_left, 6);
  EXPECT_EQ(m.attachment_right, 3);
  EXPECT_EQ(m.attachment_top, from(Version::r2010) ? 10 : 9);
  EXPECT_EQ(m.attachment_bottom, from(Version::r2010) ? 2 : 9);
  EXPECT_TRUE(m.text_frame);
  ASSERT_EQ(m.block_attributes.size(), 1u);
  EXPECT_EQ(m.block_attributes[0].definition, kAttDef);
  EXPECT_EQ(m.block_attributes[0].text, "A-05");
  EXPECT_EQ(m.block_attributes[0].width, 12.5);
}

TEST_P(DwgMLeader, WhatDoesNotFitTheLimitIsLeftOut) {
  drawing.limits.max_total_vertices = 20;
  out.data.bl(1);
  put_root_head(4);
  for (int i = 0; i < 4; ++i) put_line({{0, 0, 0}, {5, 5, 0}}, true);
  put_root_end();
  put_context_head();
  put_text();
  put_context_end();
  put_own(2);
  const MLeader& m = read();
  ASSERT_EQ(m.roots.size(), 1u);
  EXPECT_LT(m.roots[0].lines.size(), 4u);
  EXPECT_EQ(m.text_raw, "A\\PB");
  EXPECT_EQ(m.attachment_left, 6);
  EXPECT_TRUE(drawing.says("LIMIT_VERTICES"));
}

TEST_P(DwgMLeader, CountsThatCannotBeAreNotBelieved) {
  out.data.bl_as(0, 0x7fffffff);
  expect_damaged();
}

TEST_P(DwgMLeader, NorThoseOfLines) {
  out.data.bl(1);
  put_root_head(0);
  out.data.bl_as(0, -1);
  expect_damaged();
}

TEST_P(DwgMLeader, NorThoseOfPoints) {
  out.data.bl(1);
  put_root_head(1);
  out.data.bl_as(0, 0x40000000).bd3({1, 2, 3});
  expect_damaged();
}

INSTANTIATE_TEST_SUITE_P(Dwg, DwgMLeader, ::testing::ValuesIn(testing::kEveryVersion),
                         testing::name_of_version);

}  // namespace
}  // namespace cad::dwg
