// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dwg/testing/every_version.hpp"
#include "formats/dwg/testing/hand_made.hpp"

namespace cad::dwg {
namespace {

using testing::HandMade;
using testing::ObjectWriter;

constexpr Handle kStyle = 0x27, kSelf = 0x30, kText = 0x31;
constexpr std::uint16_t kDimStyleType = 69, kLeaderType = 45, kToleranceType = 46;

class DwgLeader : public ::testing::TestWithParam<Version> {
 protected:
  DwgLeader() : drawing(GetParam()), out(GetParam()) {
    drawing.add(kDimStyleType, kStyle, style());
  }

  bool from(Version v) const { return GetParam() >= v; }

  // Arrows of 2 in a scale of 1.25.
  ObjectWriter style() const {
    ObjectWriter record = drawing.record("ISO-25", u"ISO-25");
    if (from(Version::r2000)) {
      record.text("", u"").text("", u"");
      record.data.bd(1.25).bd(2);
    } else {
      record.data.bits(0, 11).bits(0, 16).b(false).b(false).bits(0, 24).b(false).bits(0, 32);
      record.data.bs(0).bs(0).bs(0).bs(0).bs(0).bs(0).bd(1.25).bd(2);
    }
    return record;
  }

  void put_leader(int annotation, int path, const std::vector<Vec3>& vertices) {
    out.entity_common(0);
    auto& data = out.data;
    data.b(false).bs(annotation).bs(path).bl(static_cast<std::int64_t>(vertices.size()));
    for (const Vec3 v : vertices) data.bd3(v);
    data.bd3({9, 9, 9}).bd3({0, 0, 1}).bd3({1, 0, 0}).bd3({0.25, 0, 0});
    if (from(Version::r14)) data.bd3({0.5, 0, 0});
    if (!from(Version::r2000)) data.bd(0.625);
    if (!from(Version::r2010)) data.bd(3).bd(12);
    data.b(false).b(true);  // hook, arrow
    if (!from(Version::r2000)) data.bs(0).bd(2.5).b(false).b(true);
    data.bs(0);
    if (!from(Version::r2000)) data.bs(256);
    data.b(false).b(false);
    out.handles.h(5, annotation == 3 ? 0 : kText).h(5, kStyle);
  }

  const Leader& read() {
    drawing.add(kLeaderType, kSelf, out);
    drawing.read();
    const Entity* const entity = drawing.entity(kSelf);
    if (entity == nullptr) return missing;
    const auto* leader = std::get_if<Indirect<Leader>>(&entity->geometry);
    return leader != nullptr ? **leader : missing;
  }

  HandMade drawing;
  ObjectWriter out;
  Leader missing;
};

TEST_P(DwgLeader, ReadsEveryField) {
  put_leader(3, 1, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  const Leader& l = read();
  EXPECT_TRUE(drawing.is_complete(kSelf));
  EXPECT_EQ(l.vertices, (std::vector<Vec3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
  EXPECT_TRUE(l.is_spline);
  EXPECT_TRUE(l.has_arrow);
  EXPECT_FALSE(l.hook_same_direction);
  EXPECT_EQ(l.annotation_kind, 3);
  EXPECT_EQ(l.style_name, "ISO-25");
  EXPECT_EQ(l.horizontal_direction, (Vec3{1, 0, 0}));
  EXPECT_EQ(l.block_offset, (Vec3{0.25, 0, 0}));
  EXPECT_EQ(l.annotation_offset, (Vec3{from(Version::r14) ? 0.5 : 0.0, 0, 0}));
  EXPECT_EQ(l.text_height, from(Version::r2010) ? 0 : 3);
  EXPECT_EQ(l.text_width, from(Version::r2010) ? 0 : 12);
}

TEST_P(DwgLeader, ASteepLeaderGetsItsHook) {
  put_leader(0, 0, {{0, 0, 0}, {10, 10, 0}});
  const Leader& l = read();
  EXPECT_EQ(l.annotation, kText);
  EXPECT_TRUE(l.has_hook);
  ASSERT_EQ(l.vertices.size(), 3u);
  EXPECT_EQ(l.vertices[1], (Vec3{7.5, 10, 0}));
  EXPECT_EQ(l.vertices[2], (Vec3{10, 10, 0}));
}

TEST_P(DwgLeader, AFlatOneGetsNone) {
  put_leader(0, 0, {{0, 0, 0}, {10, 2.67, 0}});  // less than 15 degrees
  EXPECT_EQ(read().vertices.size(), 2u);
}

TEST_P(DwgLeader, AJustSteepEnoughOneDoes) {
  put_leader(1, 0, {{10, 2.69, 0}, {0, 0, 0}});
  EXPECT_EQ(read().vertices.size(), 3u);
}

TEST_P(DwgLeader, WithoutATextThereIsNone) {
  put_leader(3, 0, {{0, 0, 0}, {10, 10, 0}});
  const Leader& l = read();
  EXPECT_EQ(l.vertices.size(), 2u);
  EXPECT_FALSE(l.has_hook);
}

TEST_P(DwgLeader, NoSplineGetsOne) {
  put_leader(0, 1, {{0, 0, 0}, {10, 10, 0}});
  EXPECT_EQ(read().vertices.size(), 2u);
}

TEST_P(DwgLeader, ManyVerticesAreCutAtTheLimit) {
  drawing.limits.max_vertices_per_entity = 2;
  put_leader(3, 0, {{1, 0, 0}, {2, 0, 0}, {3, 0, 0}});
  const Leader& l = read();
  EXPECT_EQ(l.vertices.size(), 2u);
  EXPECT_EQ(l.style_name, "ISO-25");  // what follows is read all the same
  EXPECT_TRUE(drawing.says("LIMIT_VERTICES"));
}

TEST_P(DwgLeader, ACountThatCannotBeIsNotBelieved) {
  out.entity_common(0);
  out.data.b(false).bs(0).bs(0).bl_as(0, 0x7fffffff).bd3({1, 2, 3});
  drawing.add(kLeaderType, kSelf, out);
  drawing.read();
  ASSERT_NE(drawing.entity(kSelf), nullptr);
  EXPECT_TRUE(std::holds_alternative<Indirect<Unknown>>(drawing.entity(kSelf)->geometry));
  EXPECT_TRUE(drawing.says("DWG_ENTITY_DAMAGED"));
}

TEST_P(DwgLeader, ReadsTolerances) {
  out.entity_common(0);
  if (!from(Version::r2000)) out.data.bs(0).bd(2.5).bd(0.625);
  out.data.bd3({1, 2, 3}).bd3({0, 1, 0}).bd3({0, 0, -1});
  out.text("{\\Fgdt;j}%%v1", u"{\\Fgdt;j}%%v1");
  out.handles.h(5, kStyle);
  drawing.add(kToleranceType, kSelf, out);
  drawing.read();
  EXPECT_TRUE(drawing.is_complete(kSelf));
  ASSERT_NE(drawing.entity(kSelf), nullptr);
  const auto& t = *std::get<Indirect<Tolerance>>(drawing.entity(kSelf)->geometry);
  EXPECT_EQ(t.position, (Vec3{1, 2, 3}));
  EXPECT_EQ(t.x_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(drawing.entity(kSelf)->normal, (Vec3{0, 0, -1}));
  EXPECT_EQ(t.value, "{\\Fgdt;j}%%v1");
  EXPECT_EQ(t.dim_style_name, "ISO-25");
}

INSTANTIATE_TEST_SUITE_P(Dwg, DwgLeader, ::testing::ValuesIn(testing::kEveryVersion),
                         testing::name_of_version);

}  // namespace
}  // namespace cad::dwg
