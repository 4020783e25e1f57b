// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <numbers>

#include "formats/dwg/testing/every_version.hpp"
#include "formats/dwg/testing/hand_made.hpp"

namespace cad::dwg {
namespace {

using testing::HandMade;
using testing::ObjectWriter;
using Kind = Dimension::Kind;

constexpr Handle kStyle = 0x27, kBlock = 0x28, kSelf = 0x30;
constexpr std::uint16_t kDimStyleType = 69;
constexpr double kRight = std::numbers::pi / 2;

// Only its name counts here.
void add_style(HandMade& drawing) {
  drawing.add(kDimStyleType, kStyle, drawing.record("ISO-25", u"ISO-25"));
}

class DwgDimension : public ::testing::TestWithParam<Version> {
 protected:
  DwgDimension() : drawing(GetParam()), out(GetParam()) {
    add_style(drawing);
    drawing.add_block(kBlock, "*D7", u"*D7");
  }

  bool from(Version v) const { return GetParam() >= v; }

  // Flags as stored: 1 text in its place, 2 the block is its own.
  void put_common(unsigned flags) {
    out.entity_common(0);
    auto& data = out.data;
    if (from(Version::r2010)) data.rc(0);
    data.bd3({0, 0, -1}).rd2({5, 6}).bd(7).rc(flags);
    out.text("<> mm", u"<> mm");
    data.bd(kRight).bd(-kRight).bd3({1, 1, 1}).bd(0);
    if (from(Version::r2000)) data.bs(8).bs(2).bd(1.5).bd(9.75);
    if (from(Version::r2007)) data.b(false).b(true).b(false);
    data.rd2({50, 60});
  }

  const Dimension& read(std::uint16_t type) {
    out.handles.h(5, kStyle).h(5, kBlock);
    drawing.add(type, kSelf, out);
    drawing.read();
    const Entity* const entity = drawing.entity(kSelf);
    if (entity == nullptr) return missing;
    EXPECT_EQ(entity->normal, (Vec3{0, 0, -1}));
    EXPECT_TRUE(drawing.is_complete(kSelf));
    const auto* dimension = std::get_if<Indirect<Dimension>>(&entity->geometry);
    return dimension != nullptr ? **dimension : missing;
  }

  void expect_common(const Dimension& d) {
    EXPECT_EQ(d.text_midpoint, (Vec3{5, 6, 7}));
    EXPECT_EQ(d.insertion_point, (Vec3{50, 60, 7}));
    EXPECT_EQ(d.text, "<> mm");
    EXPECT_DOUBLE_EQ(d.text_rotation_deg, 90);
    EXPECT_DOUBLE_EQ(d.horizontal_deg, -90);
    EXPECT_EQ(d.style_name, "ISO-25");
    ASSERT_TRUE(d.block.valid());
    EXPECT_EQ(drawing.block_name(d.block), "*D7");
    EXPECT_EQ(d.attachment, from(Version::r2000) ? 8 : 5);
    EXPECT_EQ(d.line_spacing_style, from(Version::r2000) ? 2 : 1);
    EXPECT_EQ(d.line_spacing, from(Version::r2000) ? 1.5 : 1);
    EXPECT_EQ(d.measurement.has_value(), from(Version::r2000));
    EXPECT_EQ(d.measurement.value_or(9.75), 9.75);
    EXPECT_FALSE(d.overrides.any);
  }

  HandMade drawing;
  ObjectWriter out;
  Dimension missing;
};

TEST_P(DwgDimension, Ordinate) {
  put_common(1);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).rc(1);
  const Dimension& d = read(20);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::ordinate);
  EXPECT_EQ(d.flags, 6 | 64);
  EXPECT_TRUE(d.ordinate_x);
  EXPECT_EQ(d.definition_point.x, 1);
  EXPECT_EQ(d.point13.x, 2);
  EXPECT_EQ(d.point14.x, 3);
}

TEST_P(DwgDimension, OrdinateOfY) {
  put_common(1);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).rc(0);
  const Dimension& d = read(20);
  EXPECT_EQ(d.flags, 6);
  EXPECT_FALSE(d.ordinate_x);
}

TEST_P(DwgDimension, Linear) {
  put_common(2);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).bd(kRight / 2).bd(kRight);
  const Dimension& d = read(21);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::linear);
  EXPECT_EQ(d.flags, 128 | 32);
  EXPECT_EQ(d.point13.x, 1);
  EXPECT_EQ(d.point14.x, 2);
  EXPECT_EQ(d.definition_point.x, 3);
  EXPECT_DOUBLE_EQ(d.extension_oblique_deg, 45);
  EXPECT_DOUBLE_EQ(d.rotation_deg, 90);
}

TEST_P(DwgDimension, Aligned) {
  put_common(0);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).bd(kRight / 2);
  const Dimension& d = read(22);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::aligned);
  EXPECT_EQ(d.flags, 128 | 1);
  EXPECT_EQ(d.definition_point.x, 3);
  EXPECT_DOUBLE_EQ(d.extension_oblique_deg, 45);
}

TEST_P(DwgDimension, AngularByThreePoints) {
  put_common(3);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).bd3({4, 0, 0});
  const Dimension& d = read(23);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::angular3p);
  EXPECT_EQ(d.flags, 32 | 5);
  EXPECT_EQ(d.definition_point.x, 1);
  EXPECT_EQ(d.point13.x, 2);
  EXPECT_EQ(d.point14.x, 3);
  EXPECT_EQ(d.point15.x, 4);
}

TEST_P(DwgDimension, AngularOfTwoLines) {
  put_common(3);
  out.data.rd2({8, 9}).bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).bd3({4, 0, 0});
  const Dimension& d = read(24);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::angular);
  EXPECT_EQ(d.flags, 32 | 2);
  EXPECT_EQ(d.point16, (Vec3{8, 9, 7}));
  EXPECT_EQ(d.point13.x, 1);
  EXPECT_EQ(d.point14.x, 2);
  EXPECT_EQ(d.point15.x, 3);
  EXPECT_EQ(d.definition_point.x, 4);
}

TEST_P(DwgDimension, Radius) {
  put_common(3);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd(11);
  const Dimension& d = read(25);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::radius);
  EXPECT_EQ(d.flags, 32 | 4);
  EXPECT_EQ(d.definition_point.x, 1);
  EXPECT_EQ(d.point15.x, 2);
  EXPECT_EQ(d.leader_length, 11);
}

TEST_P(DwgDimension, Diameter) {
  put_common(3);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd(11);
  const Dimension& d = read(26);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::diameter);
  EXPECT_EQ(d.flags, 32 | 3);
  EXPECT_EQ(d.point15.x, 1);
  EXPECT_EQ(d.definition_point.x, 2);
  EXPECT_EQ(d.leader_length, 11);
}

TEST_P(DwgDimension, ArcLength) {
  put_common(3);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).bd3({4, 0, 0});
  out.data.b(true).bd(0.5).bd(2.5).b(true).bd3({5, 0, 0}).bd3({6, 0, 0});
  const Dimension& d = read(testing::kArcDimension);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::arc);
  EXPECT_EQ(d.flags, 32 | 5);
  EXPECT_EQ(d.definition_point.x, 1);
  EXPECT_EQ(d.point15.x, 4);
  EXPECT_TRUE(d.arc_is_partial && d.arc_has_leader);
  EXPECT_EQ(d.arc_start, 0.5);
  EXPECT_EQ(d.arc_end, 2.5);
  EXPECT_EQ(d.point16.x, 5);
  EXPECT_EQ(d.point17.x, 6);
}

TEST_P(DwgDimension, JoggedRadius) {
  put_common(2);
  out.data.bd3({1, 0, 0}).bd3({2, 0, 0}).bd(0.75).bd3({3, 0, 0}).bd3({4, 0, 0});
  const Dimension& d = read(testing::kLargeRadialDimension);
  expect_common(d);
  EXPECT_EQ(d.kind, Kind::jogged_radius);
  EXPECT_EQ(d.flags, 128 | 32 | 9);
  EXPECT_EQ(d.definition_point.x, 1);
  EXPECT_EQ(d.point13.x, 2);
  EXPECT_EQ(d.jog_angle, 0.75);
  EXPECT_EQ(d.point14.x, 3);
  EXPECT_EQ(d.point15.x, 4);
}

TEST_P(DwgDimension, DamagedValuesAreNotBelieved) {
  if (!from(Version::r2000)) GTEST_SKIP() << "older releases have no such values";
  out.entity_common(0);
  if (from(Version::r2010)) out.data.rc(0);
  out.data.bd3({0, 0, -1}).rd2({5, 6}).bd(7).rc(3);
  out.text("", u"");
  out.data.bd(0).bd(0).bd3({1, 1, 1}).bd(0).bs(77).bs(-3).bd(1).bd(2);
  if (from(Version::r2007)) out.data.b(false).b(false).b(false);
  out.data.rd2({0, 0}).bd3({1, 0, 0}).bd3({2, 0, 0}).bd3({3, 0, 0}).bd(0);
  const Dimension& d = read(22);
  EXPECT_EQ(d.attachment, 5);
  EXPECT_EQ(d.line_spacing_style, 1);
}

TEST_P(DwgDimension, CutShortItIsKeptByItsTypeOnly) {
  put_common(3);
  drawing.add(21, kSelf, out);
  drawing.read();
  ASSERT_NE(drawing.entity(kSelf), nullptr);
  EXPECT_TRUE(std::holds_alternative<Indirect<Unknown>>(drawing.entity(kSelf)->geometry));
  EXPECT_TRUE(drawing.says("DWG_ENTITY_DAMAGED"));
}

INSTANTIATE_TEST_SUITE_P(Dwg, DwgDimension, ::testing::ValuesIn(testing::kEveryVersion),
                         testing::name_of_version);

}  // namespace
}  // namespace cad::dwg
