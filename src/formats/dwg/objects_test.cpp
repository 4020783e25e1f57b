// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/objects.hpp"

#include <gtest/gtest.h>

#include "formats/dwg/testing/object_set.hpp"

namespace cad::dwg {
namespace {

using testing::ObjectReading;
using testing::ObjectSet;
using testing::ObjectWriter;

constexpr std::uint16_t kBlockHeader = 49, kGroup = 72, kLayout = 82;
constexpr Version kFrom2000[] = {Version::r2000, Version::r2004, Version::r2007,
                                 Version::r2010, Version::r2013, Version::r2018};

ObjectWriter layout(const ObjectSet& set, std::int64_t viewports) {
  ObjectWriter out = set.object();
  out.text("setup", u"setup").text("printer", u"printer");
  out.data.bs(688).bd(7.5).bd(20).bd(7.6).bd(21).bd(210).bd(297);
  out.text("A4", u"A4");
  out.data.bd2({0, 0}).bs(1).bs(1).bs(5).bd2({0, 0}).bd2({0, 0});
  if (!out.from(Version::r2004)) out.text("", u"");
  out.data.bd(1).bd(50);
  out.text("monochrome.ctb", u"monochrome.ctb");
  out.data.bs(16).bd(1).bd2({0, 0});
  if (out.from(Version::r2004)) {
    out.data.bs(0).bs(2).bs(300);
    out.handles.h(5, 0);
  }
  if (out.from(Version::r2007)) out.handles.h(4, 0);
  out.text("Sheet", u"Sheet");
  out.data.bl(3).bs(1).bd3({0, 0, 0}).rd2({0, 0}).rd2({12, 9}).bd3({0, 0, 0});
  out.data.bd3({1, 0, 0}).bd3({0, 1, 0}).bd(0).bs(0).bd3({1e20, 1e20, 1e20}).bd3({-1e20, 5, 0});
  if (out.from(Version::r2004)) out.data.bl(viewports);
  out.handles.h(4, 0x20).h(4, 0x40).h(5, 0).h(5, 0);
  if (out.from(Version::r2004)) out.handles.h(4, 0x40).h(4, 0x41);
  return out;
}

TEST(DwgObjects, Layout) {
  for (const Version version : kFrom2000) {
    ObjectSet set(version);
    set.add(kLayout, 0x50, layout(set, 2));
    const auto reading = set.read();
    reading->object(0x50);
    ASSERT_EQ(reading->loader.layouts().size(), 1u);
    const FoundLayout& found = reading->loader.layouts()[0];
    EXPECT_EQ(found.block_record, 0x20u);
    EXPECT_EQ(found.layout.name, "Sheet");
    EXPECT_EQ(found.layout.tab_order, 3);
    EXPECT_EQ(found.layout.margin_left_bottom, (Vec2{7.5, 20}));
    EXPECT_EQ(found.layout.margin_right_top, (Vec2{7.6, 21}));
    EXPECT_EQ(found.layout.paper_width_mm, 210);
    EXPECT_EQ(found.layout.paper_height_mm, 297);
    EXPECT_EQ(found.layout.plot_units, 1);
    EXPECT_EQ(found.layout.plot_rotation, 1);
    EXPECT_EQ(found.layout.plot_scale_denominator, 50);
    EXPECT_EQ(found.layout.limits_max, (Vec2{12, 9}));
    EXPECT_EQ(found.layout.extents_min.x, 1e20);
    EXPECT_EQ(found.layout.extents_max.y, 5);
    EXPECT_TRUE(reading->audit.leftovers.empty()) << static_cast<int>(version);
  }
}

TEST(DwgObjects, ALayoutThatIsDamagedIsNone) {
  ObjectSet set(Version::r2018);
  set.add(kLayout, 0x50, layout(set, 0x7fffffff));
  const auto reading = set.read();
  reading->object(0x50);
  EXPECT_TRUE(reading->loader.layouts().empty());
}

ObjectWriter draw_order(const ObjectSet& set, std::int64_t claimed) {
  ObjectWriter out = set.object();
  out.data.bl(claimed).h(0, 0x31).h(0, 0x30);
  out.handles.h(4, 0x20).h(4, 0x30).h(4, 0x31);
  return out;
}

std::unique_ptr<ObjectReading> read_draw_orders(ObjectSet& set) {
  set.add(kBlockHeader, 0x20, set.object());
  auto reading = set.read();
  reading->loader.drawing().blocks.resize(1);
  reading->loader.find(0x20)->record = 0;
  read_objects(reading->loader);
  return reading;
}

TEST(DwgObjects, DrawOrder) {
  for (const Version version : kFrom2000) {
    ObjectSet set(version);
    set.add("SORTENTSTABLE", 0x50, draw_order(set, 2));
    const auto reading = read_draw_orders(set);
    const auto& order = reading->loader.drawing().blocks[0].draw_order;
    ASSERT_EQ(order.size(), 2u);
    EXPECT_EQ(order[0], (std::pair<Handle, Handle>{0x31, 0x30}));
    EXPECT_EQ(order[1], (std::pair<Handle, Handle>{0x30, 0x31}));
    EXPECT_TRUE(reading->audit.leftovers.empty());
  }
}

TEST(DwgObjects, ACountOfDrawOrdersIsNotBelieved) {
  ObjectSet set(Version::r2004);
  set.add("SORTENTSTABLE", 0x50, draw_order(set, 0x7fffffff));
  const auto reading = read_draw_orders(set);
  EXPECT_TRUE(reading->loader.drawing().blocks[0].draw_order.empty());
  EXPECT_TRUE(reading->says("DWG_OBJECT_DAMAGED"));
}

TEST(DwgObjects, BookColor) {
  ObjectSet set(Version::r2010);
  ObjectWriter out = set.object();
  out.data.bs(0).bl_as(0, static_cast<std::int64_t>(0xC2112233u)).rc(3);
  out.text("", u"RAL 1").text("", u"RAL");
  set.add("DBCOLOR", 0x50, out);
  const auto reading = set.read();
  reading->object(0x50);
  const auto& colors = reading->loader.book_colors();
  ASSERT_EQ(colors.size(), 1u);
  EXPECT_EQ(colors.at(0x50).kind, Color::Kind::rgb);
  EXPECT_EQ(colors.at(0x50).rgb, (Rgb{0x11, 0x22, 0x33}));
  EXPECT_TRUE(reading->audit.leftovers.empty());
}

TEST(DwgObjects, GroupsAndVariablesAreReadToTheirEnd) {
  for (const Version version : kFrom2000) {
    ObjectSet set(version);
    ObjectWriter group = set.object();
    group.text("walls", u"walls");
    group.data.bs(0).bs(1).bl(2);
    group.handles.h(5, 0x30).h(5, 0x31);
    set.add(kGroup, 0x50, group);
    ObjectWriter variable = set.object();
    variable.data.rc(0);
    variable.text("1", u"1");
    set.add("DICTIONARYVAR", 0x51, variable);
    const auto reading = set.read();
    read_objects(reading->loader);
    EXPECT_EQ(reading->audit.complete, 2u);
    EXPECT_TRUE(reading->diagnostics.all().empty());
  }
}

}  // namespace
}  // namespace cad::dwg
