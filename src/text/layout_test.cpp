// SPDX-License-Identifier: Apache-2.0
#include "text/layout.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cad::text {
namespace {

class LayoutTest : public testing::Test {
 protected:
  LayoutTest() {
    TextStyle arial;
    arial.name = "Arial";
    arial.font_file = "arial.ttf";
    drawing.text_styles.push_back(arial);
    TextStyle txt;
    txt.name = "Standard";
    txt.font_file = "txt";
    drawing.text_styles.push_back(txt);
  }
  Text text(std::string value, HAlign halign = HAlign::left, VAlign valign = VAlign::baseline) {
    Text t;
    t.value = std::move(value);
    t.height = 2;
    t.position = {10, 20, 0};
    t.alignment_point = {30, 40, 0};
    t.has_alignment_point = halign != HAlign::left || valign != VAlign::baseline;
    t.halign = halign;
    t.valign = valign;
    t.style = TextStyleId{0};
    return t;
  }
  MText mtext(std::string raw, std::uint8_t attachment = 1, double width = 0) {
    MText t;
    t.raw = std::move(raw);
    t.height = 1;
    t.attachment = attachment;
    t.width = width;
    t.style = TextStyleId{0};
    return t;
  }
  LaidOutText lay(const Text& t) { return layout_text(t, drawing, *fonts, limits); }
  LaidOutText lay(const MText& t) { return layout_mtext(t, drawing, *fonts, limits); }
  LaidOutText lay(const Tolerance& t) { return layout_tolerance(t, 1, drawing, *fonts, limits); }

  // Ink of the runs whose text holds `part`.
  static Box2 ink(const LaidOutText& out, std::string_view part) {
    Box2 box;
    for (const PlacedRun& run : out.runs) {
      if (run.text.find(part) == std::string::npos) continue;
      for (const Glyph& glyph : run.glyphs) {
        const Path outline =
            transformed(run.face->outline(glyph.id),
                        run.to_plane * Affine{1, 0, 0, 1, glyph.origin.x, glyph.origin.y});
        box.add(extents(outline));
      }
    }
    return box;
  }

  std::unique_ptr<FontLibrary> fonts = FontLibrary::open_system_fonts();
  Drawing drawing;
  Limits limits;
};

// H has side bearings of about a tenth of its width: what "at" means for ink.
constexpr double kBearing = 0.25;

// ---- TEXT

TEST_F(LayoutTest, LeftBaselineStartsAtItsPosition) {
  const LaidOutText out = lay(text("HH"));
  EXPECT_NEAR(out.box.min_x, 10, kBearing);
  EXPECT_NEAR(out.box.min_y, 20, 1e-6);
  EXPECT_NEAR(out.box.max_y, 22, 1e-6);
  EXPECT_EQ(out.runs.size(), 1u);
  EXPECT_EQ(out.runs[0].text, "HH");
  EXPECT_TRUE(out.frame.empty());
}

TEST_F(LayoutTest, BoxIsTheInk) {
  Text t = text("Agjy");
  t.oblique_deg = 15;
  t.rotation_deg = 0;
  const LaidOutText out = lay(t);
  const Box2 box = ink(out, "Agjy");
  EXPECT_NEAR(out.box.min_y, box.min_y, 1e-3);
  EXPECT_NEAR(out.box.max_y, box.max_y, 1e-3);
  EXPECT_LE(out.box.min_x, box.min_x + 1e-6);
  EXPECT_GE(out.box.max_x, box.max_x - 1e-6);
}

TEST_F(LayoutTest, RightEndsAtTheAlignmentPoint) {
  const LaidOutText out = lay(text("HHH", HAlign::right));
  EXPECT_NEAR(out.box.max_x, 30, kBearing);
  EXPECT_NEAR(out.box.min_y, 40, 1e-6);
}

TEST_F(LayoutTest, CenterAndMiddleAreAboutThePoint) {
  const Box2 center = lay(text("HHH", HAlign::center)).box;
  EXPECT_NEAR((center.min_x + center.max_x) / 2, 30, 0.01);
  EXPECT_NEAR(center.min_y, 40, 1e-6);
  const Box2 both = lay(text("HHH", HAlign::center, VAlign::middle)).box;
  EXPECT_NEAR((both.min_y + both.max_y) / 2, 40, 1e-6);
  // MIDDLE is the middle from descender to cap: Arial's descender is 0.296 text heights.
  const Box2 middle = lay(text("HHH", HAlign::middle)).box;
  EXPECT_NEAR((middle.min_x + middle.max_x) / 2, 30, 0.01);
  EXPECT_NEAR(middle.min_y, 40 - 2 * 0.352, 0.01);
}

TEST_F(LayoutTest, TopAndBottom) {
  EXPECT_NEAR(lay(text("H", HAlign::left, VAlign::top)).box.max_y, 40, 1e-6);
  EXPECT_NEAR(lay(text("H", HAlign::left, VAlign::bottom)).box.min_y, 40 + 2 * 0.296, 1e-6);
  Text shx = text("H", HAlign::right, VAlign::bottom);
  shx.style = TextStyleId{1};
  const Box2 box = lay(shx).box;
  EXPECT_NEAR(box.min_y, 40 + 2.0 / 3, 1e-6);
  EXPECT_NEAR(box.max_x, 30, kBearing);  // the gap behind the last letter does not count
}

TEST_F(LayoutTest, FitSpansBothPointsAtItsHeight) {
  Text t = text("HHHH", HAlign::fit);
  t.alignment_point = {30, 20, 0};
  const Box2 box = lay(t).box;
  EXPECT_NEAR(box.min_x, 10, 3 * kBearing);
  EXPECT_NEAR(box.max_x, 30, 3 * kBearing);
  EXPECT_NEAR(box.min_x - 10, 30 - box.max_x, 0.05);
  EXPECT_NEAR(box.height(), 2, 1e-6);
}

TEST_F(LayoutTest, AlignedSpansBothPointsAndKeepsProportions) {
  Text t = text("HHHH", HAlign::aligned);
  t.alignment_point = {10, 40, 0};  // straight up: rotated by 90 degrees
  const Box2 box = lay(t).box;
  EXPECT_NEAR(box.min_y, 20, 3 * kBearing);
  EXPECT_NEAR(box.max_y, 40, 3 * kBearing);
  EXPECT_NEAR(box.max_x, 10, 1e-6);
  const Box2 natural = lay(text("HHHH")).box;
  EXPECT_NEAR(box.height() / box.width(), natural.width() / natural.height(), 1e-6);
}

TEST_F(LayoutTest, CoincidentPointsDoNotStretch) {
  Text t = text("HH", HAlign::fit);
  t.alignment_point = t.position;
  EXPECT_NEAR(lay(t).box.height(), 2, 1e-6);
}

TEST_F(LayoutTest, RotationTurnsAboutTheAlignmentPoint) {
  Text t = text("HHH", HAlign::right);
  t.rotation_deg = 90;
  const Box2 box = lay(t).box;
  EXPECT_NEAR(box.max_y, 40, kBearing);
  EXPECT_NEAR(box.max_x, 30, 1e-6);
  EXPECT_NEAR(box.min_x, 28, 1e-6);
}

TEST_F(LayoutTest, WidthFactorScalesTheWidthOnly) {
  const Box2 once = lay(text("HHH")).box;
  Text t = text("HHH");
  t.width_factor = 0.5;
  const Box2 half = lay(t).box;
  EXPECT_NEAR(half.width(), once.width() / 2, 1e-6);
  EXPECT_NEAR(half.height(), once.height(), 1e-6);
}

TEST_F(LayoutTest, ObliqueLeansToTheRight) {
  Text t = text("H");
  t.oblique_deg = 45;
  EXPECT_NEAR(lay(t).box.width(), lay(text("H")).box.width() + 2, 1e-6);
}

TEST_F(LayoutTest, BackwardAndUpsideDownMirrorAboutThePoint) {
  const Box2 plain = lay(text("HL")).box;
  Text t = text("HL");
  t.backward = true;
  const Box2 backward = lay(t).box;
  EXPECT_NEAR(backward.max_x, 20 - plain.min_x, 1e-6);
  EXPECT_NEAR(backward.min_x, 20 - plain.max_x, 1e-6);
  t.backward = false;
  t.upside_down = true;
  const Box2 down = lay(t).box;
  EXPECT_NEAR(down.max_y, 20, 1e-6);
  EXPECT_NEAR(down.min_y, 18, 1e-6);
  Text fit = text("HHHH", HAlign::fit);
  fit.alignment_point = {30, 20, 0};
  fit.backward = true;
  EXPECT_NEAR(lay(fit).box.min_x, 10, 3 * kBearing);
  EXPECT_NEAR(lay(fit).box.max_x, 30, 3 * kBearing);
}

TEST_F(LayoutTest, UnderlineRunsBelowItsLetters) {
  const LaidOutText out = lay(text("HH%%uHH%%uHH"));
  ASSERT_EQ(out.rules.size(), 1u);
  const Box2 all = ink(out, "H");
  const PlacedRule& rule = out.rules[0];
  EXPECT_LT(rule.corners[2].y, 20);
  const double third = all.width() / 3;
  EXPECT_NEAR(rule.corners[0].x, all.min_x + third, 0.5);
  EXPECT_NEAR(rule.corners[1].x, all.min_x + 2 * third, 0.5);
  EXPECT_NEAR(lay(text("%%oH")).rules[0].corners[0].y, 20 + 2 * (1.2 - 0.03), 1e-6);
}

TEST_F(LayoutTest, VerticalStylesStackLetters) {
  drawing.text_styles[1].vertical = true;
  Text t = text("HHHH");
  t.style = TextStyleId{1};
  const Box2 box = lay(t).box;
  EXPECT_GT(box.height(), 4 * box.width());
  EXPECT_NEAR((box.min_x + box.max_x) / 2, 10, 0.05);
  EXPECT_NEAR(box.max_y, 20, 1e-6);
}

TEST_F(LayoutTest, OddValuesGiveFiniteText) {
  Text t = text("H");
  t.height = 0;
  t.width_factor = 0;
  t.oblique_deg = 90;
  t.style = TextStyleId{77};
  const LaidOutText out = lay(t);
  EXPECT_TRUE(std::isfinite(out.box.width()));
  EXPECT_GT(out.box.height(), 0);
}

TEST_F(LayoutTest, GlyphsAreBounded) {
  limits.max_glyphs = 10;
  EXPECT_EQ(lay(text(std::string(100, 'a'))).runs[0].glyphs.size(), 10u);
  std::size_t glyphs = 0;
  for (const PlacedRun& run : lay(mtext("aaaa aaaa\\Paaaa aaaa")).runs) glyphs += run.glyphs.size();
  EXPECT_EQ(glyphs, 10u);
}

// ---- MTEXT

TEST_F(LayoutTest, TopLeftHangsBelowTheInsertionPoint) {
  const Box2 box = lay(mtext("HH\\PHH")).box;
  EXPECT_NEAR(box.max_y, 0, 1e-6);
  EXPECT_NEAR(box.min_y, -(1 + 5.0 / 3), 1e-6);
  EXPECT_NEAR(box.min_x, 0, kBearing);
}

TEST_F(LayoutTest, BottomCenterStandsOnTheInsertionPoint) {
  const Box2 box = lay(mtext("HHHH\\PHH", 8)).box;
  EXPECT_NEAR(box.min_y, 0, 1e-6);
  EXPECT_NEAR(box.max_y, 1 + 5.0 / 3, 1e-6);
  EXPECT_NEAR((box.min_x + box.max_x) / 2, 0, 0.01);
}

TEST_F(LayoutTest, MiddleRight) {
  const Box2 box = lay(mtext("HHHH", 6, 50)).box;
  EXPECT_NEAR((box.min_y + box.max_y) / 2, 0, 1e-6);
  EXPECT_NEAR(box.max_x, 0, kBearing);
}

// As AutoCAD's own text extents: descenders of the last line belong to the text's height.
TEST_F(LayoutTest, DescendersOfTheLastLineStandOnTheBottom) {
  EXPECT_NEAR(lay(mtext("H\\Pp", 7)).box.min_y, 0, 0.02);
  EXPECT_NEAR(lay(mtext("p\\PH", 7)).box.min_y, 0, 1e-6);
  const Box2 middle = lay(mtext("Hp", 4)).box;
  EXPECT_NEAR(middle.max_y + middle.min_y, 0, 0.02);
  MText shx = mtext("Xp", 7);
  shx.style = TextStyleId{1};
  EXPECT_NEAR(ink(lay(shx), "X").min_y, 1.0 / 3, 0.02);
}

TEST_F(LayoutTest, SpacingFactorAndExactStyle) {
  MText t = mtext("H\\P{\\H2x;H}");
  t.line_spacing = 2;
  EXPECT_NEAR(lay(t).box.min_y, -(1 + 2 * 2 * 5.0 / 3), 1e-6);
  t.line_spacing_style = 2;
  EXPECT_NEAR(lay(t).box.min_y, -(1 + 2 * 5.0 / 3), 1e-6);
}

TEST_F(LayoutTest, WrapsAtBlanks) {
  const LaidOutText out = lay(mtext("HHHH HHHH HHHH", 1, 9));
  EXPECT_NEAR(out.box.min_y, -(1 + 5.0 / 3), 1e-6);  // two lines
  EXPECT_LE(out.box.max_x, 9);
  EXPECT_NEAR(lay(mtext("HHHHHHHHHHHHHH", 1, 5)).box.height(), 1, 1e-6);  // one word
}

TEST_F(LayoutTest, BlanksBeforeAWordTakeALineWhenItDoesNotFit) {
  EXPECT_NEAR(lay(mtext("      HHHH", 1, 5)).box.max_y, -5.0 / 3, 1e-6);
  EXPECT_NEAR(lay(mtext(" HHHH", 1, 5)).box.max_y, 0, 1e-6);
}

TEST_F(LayoutTest, WithoutAStyleItIsStandard) {
  Text t = text("H");
  t.style = TextStyleId{};
  drawing.text_styles[1].name = "STANDARD";
  drawing.text_styles[1].font_file = "times.ttf";
  EXPECT_EQ(lay(t).runs.at(0).face->name(), "Liberation Serif");
}

TEST_F(LayoutTest, WrapsBetweenIdeographs) {
  const LaidOutText out = lay(mtext("\u6CB9\u6CB9\u6CB9\u6CB9\u3002", 1, 6));
  EXPECT_LT(out.box.min_y, -1.5);
  EXPECT_LE(out.box.max_x, 6.5);
}

TEST_F(LayoutTest, ParagraphsJustify) {
  const LaidOutText out = lay(mtext("\\pqr;HA\\P\\pqc;HB\\P\\pql,l3;HC", 1, 40));
  EXPECT_NEAR(ink(out, "HA").max_x, 40, kBearing);
  const Box2 center = ink(out, "HB");
  EXPECT_NEAR((center.min_x + center.max_x) / 2, 20, 0.05);
  EXPECT_NEAR(ink(out, "HC").min_x, 3, kBearing);
}

TEST_F(LayoutTest, JustifiedLinesFillTheWidthButTheLastOne) {
  const LaidOutText out = lay(mtext("\\pqj;HHH HHH HHH HHH HHH", 1, 12));
  EXPECT_NEAR(out.box.max_x, 12, kBearing);
  EXPECT_NEAR(out.box.min_x, 0, kBearing);
}

TEST_F(LayoutTest, IndentsAndTabs) {
  const LaidOutText out = lay(mtext("\\pi-3,l3,t3;1^IHHHH HHHH", 1, 9));
  const Box2 box = ink(out, "HHHH");
  EXPECT_NEAR(box.min_x, 3, kBearing);
  EXPECT_NEAR(ink(out, "1").min_x, 0, 3 * kBearing);
  const LaidOutText right = lay(mtext("\\pt1,r20;^I^IHHH", 1, 40));
  EXPECT_NEAR(right.box.max_x, 20, kBearing);
  EXPECT_NEAR(lay(mtext("A^IH")).box.max_x, 4 + lay(mtext("H")).box.max_x, 1e-6);
}

TEST_F(LayoutTest, RunsCarryTheirFormat) {
  const LaidOutText out = lay(mtext("a{\\C1;\\H2x;b}{\\fTimes New Roman;c}"));
  ASSERT_EQ(out.runs.size(), 3u);
  EXPECT_FALSE(out.runs[0].color);
  EXPECT_EQ(out.runs[1].color, Color::aci(1));
  EXPECT_NEAR(out.runs[1].to_plane.d, 2 * out.runs[0].to_plane.d, 1e-9);
  EXPECT_EQ(out.runs[2].face->name(), "Liberation Serif");
}

TEST_F(LayoutTest, TrackingWidens) {
  const double plain = lay(mtext("HHHH")).box.width();
  EXPECT_GT(lay(mtext("\\T2;HHHH")).box.width(), 1.6 * plain);
}

TEST_F(LayoutTest, FractionsStandAboveEachOther) {
  const LaidOutText out = lay(mtext("\\S1/22;"));
  ASSERT_EQ(out.rules.size(), 1u);
  const Box2 upper = ink(out, "1"), lower = ink(out, "22");
  EXPECT_GT(upper.min_y, out.rules[0].corners[2].y);
  EXPECT_LT(lower.max_y, out.rules[0].corners[0].y);
  const LaidOutText diagonal = lay(mtext("\\S1#2;"));
  EXPECT_GT(ink(diagonal, "2").min_x, ink(diagonal, "1").max_x);
  EXPECT_TRUE(lay(mtext("\\S1^ 2;")).rules.empty());
}

TEST_F(LayoutTest, AlignmentLiftsSmallRuns) {
  const LaidOutText out = lay(mtext("H{\\H0.5x;\\A2;T}"));
  EXPECT_NEAR(ink(out, "T").max_y, ink(out, "H").max_y, 1e-6);
  const LaidOutText middle = lay(mtext("H{\\H0.5x;\\A1;T}"));
  EXPECT_NEAR(ink(middle, "T").max_y, -0.25, 1e-6);
}

TEST_F(LayoutTest, RulesFollowTheirRun) {
  const LaidOutText out = lay(mtext("{\\L\\O\\KHH}"));
  ASSERT_EQ(out.rules.size(), 3u);
  EXPECT_LT(out.rules[0].corners[0].y, -1);
  EXPECT_GT(out.rules[1].corners[0].y, 0);
}

TEST_F(LayoutTest, ColumnsFillOneAfterTheOther) {
  MText t = mtext("A\\PB\\PC\\PD");
  t.column_type = 1;
  t.column_count = 2;
  t.column_width = 10;
  t.column_gutter = 2;
  t.column_heights = {3};
  const LaidOutText out = lay(t);
  EXPECT_NEAR(ink(out, "C").min_x, 12, kBearing);
  EXPECT_NEAR(ink(out, "C").max_y, 0, 0.05);
  EXPECT_NEAR(ink(out, "B").min_x, 0, kBearing);
  t.raw = "A\\NB";
  EXPECT_NEAR(ink(lay(t), "B").min_x, 12, kBearing);
}

TEST_F(LayoutTest, DynamicColumnsAreAsManyAsNeeded) {
  MText t = mtext("A\\PB\\PC\\PD\\PE");
  t.column_type = 2;
  t.column_auto_height = true;
  t.column_width = 10;
  t.column_gutter = 2;
  t.defined_height = 3;
  const LaidOutText out = lay(t);
  EXPECT_NEAR(ink(out, "E").min_x, 24, kBearing);
  EXPECT_NEAR(out.frame[2].x, 34 + 0.5, 1e-9);
  t.column_flow_reversed = true;
  EXPECT_NEAR(ink(lay(t), "A").min_x, 24, kBearing);
  EXPECT_NEAR(ink(lay(t), "E").min_x, 0, kBearing);
  t.column_auto_height = t.column_flow_reversed = false;
  t.column_count = 3;
  t.column_heights = {1, 0, 0};  // 0: open end
  EXPECT_NEAR(ink(lay(t), "B").min_x, 12, kBearing);
  EXPECT_NEAR(ink(lay(t), "E").min_x, 12, kBearing);
}

TEST_F(LayoutTest, FrameSurroundsTheText) {
  MText t = mtext("HH\\PHH", 5, 10);
  t.background_scale = 1.5;
  const LaidOutText out = lay(t);
  ASSERT_EQ(out.frame.size(), 4u);
  EXPECT_NEAR(out.frame[0].x, -5.5, 1e-9);
  EXPECT_NEAR(out.frame[2].x, 5.5, 1e-9);
  EXPECT_NEAR(out.frame[0].y, out.box.min_y - 0.5, 1e-6);
  EXPECT_NEAR(out.frame[2].y, out.box.max_y + 0.5, 1e-6);
}

TEST_F(LayoutTest, EmptyTextsHaveNoInk) {
  EXPECT_TRUE(lay(text("")).box.empty());
  EXPECT_TRUE(lay(text("   ")).box.empty());
  EXPECT_TRUE(lay(mtext("")).box.empty());
  EXPECT_TRUE(lay(Tolerance{}).box.empty());
}

// ---- TOLERANCE

TEST_F(LayoutTest, ToleranceBoxesItsCells) {
  Tolerance t;
  t.value = "{\\Fgdt;j}%%v{\\Fgdt;n}0.1{\\Fgdt;m}%%vA%%v%%v^J{\\Fgdt;f}%%v0.2%%vB";
  const LaidOutText out = lay(t);
  EXPECT_EQ(out.rules.size(), 6u * 4);  // three boxed cells in each of two rows
  EXPECT_NEAR(out.box.max_y, 1, 0.05);
  EXPECT_NEAR(out.box.min_y, -3, 0.05);
  EXPECT_NEAR(out.box.min_x, 0, 0.05);
  for (const PlacedRun& run : out.runs) {
    for (const Glyph& glyph : run.glyphs) EXPECT_NE(glyph.id, 0u) << run.text;
  }
}

TEST_F(LayoutTest, EverySymbolHasAGlyph) {
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    const LaidOutText out = lay(mtext(std::string("{\\Fgdt;") + letter + "}"));
    ASSERT_EQ(out.runs.size(), 1u) << letter;
    EXPECT_NE(out.runs[0].glyphs[0].id, 0u) << letter;
  }
}

}  // namespace
}  // namespace cad::text
