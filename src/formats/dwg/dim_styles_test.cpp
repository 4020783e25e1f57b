// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dwg/testing/every_version.hpp"
#include "formats/dwg/testing/hand_made.hpp"

namespace cad::dwg {
namespace {

using testing::HandMade;
using testing::ObjectWriter;

constexpr Handle kTextStyle = 0x26, kStyle = 0x27, kLeaderArrow = 0x28;
constexpr std::uint16_t kTextStyleType = 53, kDimStyleType = 69;

class DwgDimStyle : public ::testing::TestWithParam<Version> {
 protected:
  DwgDimStyle() : drawing(GetParam()), out(drawing.record("ISO-25", u"ISO-25")) {
    drawing.add(kTextStyleType, kTextStyle, drawing.record("Roman", u"Roman"));
  }

  bool from(Version v) const { return GetParam() >= v; }

  void put_color(int index) {
    if (from(Version::r2004)) {
      out.data.bs(0).bl_as(0, static_cast<std::int64_t>(0xC3000000u) | index).rc(0);
    } else {
      out.data.bs(index);
    }
  }
  void put_colors() {
    put_color(1);
    put_color(2);
    put_color(3);
  }
  void put_sizes() {
    out.data.bd(1.25).bd(2.5).bd(0.625).bd(3.75).bd(1.75).bd(0).bd(0).bd(0).bd(0);
  }
  void put_text_sizes() { out.data.bd(3.5).bd(0).bd(0).bd(25.4).bd(10).bd(0).bd(1).bd(0.875); }

  void put_r13() {
    auto& data = out.data;
    data.bits(0x7ff, 11).rc(2).rc(8).b(true).b(true).rc(1).rc(1).rc(3).b(true).rc(8).rc(8).rc(8);
    data.rc(1).bs(4).bs(0).bs(3).bs(2).bs(2).bs(3);
    put_sizes();
    put_text_sizes();
    for (const char* text : {"<> mm", "[]", "", "", "_Dot"}) data.t8(text);
    put_colors();
  }
  void put_r2000() {
    auto& data = out.data;
    out.text("<> mm", u"<> mm").text("[]", u"[]");
    put_sizes();
    if (from(Version::r2007)) {
      data.bd(1).bd(0.785).bs(0);
      put_color(5);
    }
    data.bits(0x3f, 6).bs(1).bs(8).bs(0);
    if (from(Version::r2007)) data.bs(0);
    put_text_sizes();
    data.bd(0).b(true).bs(3).bits(0xf, 4);
    put_colors();
    data.bs(0).bs(3).bs(2).bs(2).bs(3).bs(0).bs(0).bs(4).bs(44).bs(0).bs(0).b(true).b(true);
    data.bs(0).bs(8).bs(0).bs(0).b(true).bs(3);
    if (from(Version::r2007)) data.b(true);
    if (from(Version::r2010)) {
      data.b(false).bd(100).bd(100);
      out.text("", u"").text("", u"");
    }
    data.bs(-2).bs(-2);
  }

  HandMade drawing;
  ObjectWriter out;
};

TEST_P(DwgDimStyle, ReadsEveryRelease) {
  from(Version::r2000) ? put_r2000() : put_r13();
  out.data.b(false);
  out.handles.h(5, 0).h(5, kTextStyle);
  if (from(Version::r2000)) out.handles.h(5, kLeaderArrow).h(5, 0).h(5, 0).h(5, 0);
  if (from(Version::r2007)) out.handles.h(5, 0).h(5, 0).h(5, 0);
  drawing.add(kDimStyleType, kStyle, out);
  const Drawing& read = drawing.read();
  EXPECT_TRUE(drawing.is_complete(kStyle));
  ASSERT_EQ(read.dim_styles.size(), 1u);
  const DimStyle& style = read.dim_styles[0];
  EXPECT_EQ(style.name, "ISO-25");
  EXPECT_EQ(style.handle, kStyle);
  EXPECT_EQ(style.scale, 1.25);
  EXPECT_EQ(style.arrow_size, 2.5);
  EXPECT_EQ(style.extension_offset, 0.625);
  EXPECT_EQ(style.extension_beyond, 1.75);
  EXPECT_EQ(style.text_height, 3.5);
  EXPECT_EQ(style.text_gap, 0.875);
  EXPECT_EQ(style.linear_factor, 10);
  EXPECT_EQ(style.decimal_places, 3);
  EXPECT_EQ(style.linear_unit, 4);
  EXPECT_EQ(style.zero_suppression, 8);
  EXPECT_EQ(style.text_above, 1);
  EXPECT_EQ(style.line_color, Color::aci(1));
  EXPECT_EQ(style.text_color, Color::aci(3));
  EXPECT_EQ(style.post, "<> mm");
  ASSERT_TRUE(style.text_style.valid());
  EXPECT_EQ(read.at(style.text_style).name, "Roman");
  EXPECT_EQ(style.leader_arrow, from(Version::r2000) ? kLeaderArrow : 0);
}

TEST_P(DwgDimStyle, DamageIsReported) {
  out.data.bits(0, 20);
  drawing.add(kDimStyleType, kStyle, out);
  const Drawing& read = drawing.read();
  ASSERT_EQ(read.dim_styles.size(), 1u);
  EXPECT_EQ(read.dim_styles[0].name, "ISO-25");
  EXPECT_TRUE(drawing.says("DWG_RECORD_DAMAGED"));
}

INSTANTIATE_TEST_SUITE_P(Dwg, DwgDimStyle, ::testing::ValuesIn(testing::kEveryVersion),
                         testing::name_of_version);

}  // namespace
}  // namespace cad::dwg
