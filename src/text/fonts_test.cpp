// SPDX-License-Identifier: Apache-2.0
#include "text/fonts.hpp"

#include <gtest/gtest.h>

#include <string>

#include "text/bidi.hpp"
#include "text/font_names.hpp"

namespace cad::text {
namespace {

class FontsTest : public testing::Test {
 protected:
  std::unique_ptr<FontLibrary> fonts = FontLibrary::open_system_fonts();

  FontChoice plain(std::string_view name) { return fonts->choose(name, false, false); }
  ShapedText shape(std::string_view name, std::string_view text) {
    return fonts->shape(plain(name), text, 1000);
  }
  // What alignment uses, in text heights.
  double width(std::string_view name, std::string_view text) {
    const ShapedText shaped = shape(name, text);
    return (shaped.advance - shaped.trailing) * plain(name).width_scale;
  }
};

TEST_F(FontsTest, AllFilesAreThere) {
  EXPECT_EQ(fonts->faces().size(), 16u);
  for (std::uint32_t i = 0; i < fonts->faces().size(); ++i) EXPECT_EQ(fonts->faces()[i]->id(), i);
}

TEST_F(FontsTest, NamesFindTheirStandIns) {
  const auto face = [&](std::string_view name) { return plain(name).faces.front()->name(); };
  EXPECT_EQ(face("Arial"), "Liberation Sans");
  EXPECT_EQ(face("C:\\WINDOWS\\FONTS\\ARIAL.TTF"), "Liberation Sans");
  EXPECT_EQ(face("Times New Roman"), "Liberation Serif");
  EXPECT_EQ(face("times.ttf"), "Liberation Serif");
  EXPECT_EQ(face("cour.ttf"), "Liberation Mono");
  EXPECT_EQ(face("Verdana"), "DejaVu Sans");
  EXPECT_EQ(face("SimSun"), "Liberation Serif");
  EXPECT_EQ(face("romans.shx"), "Liberation Sans");
  EXPECT_EQ(face("romanc"), "Liberation Serif");
  EXPECT_EQ(face("JetBrains Mono"), "Liberation Mono");
  EXPECT_EQ(face(""), "Liberation Sans");
}

TEST_F(FontsTest, BoldAndItalicAreFacesOfTheirOwn) {
  const Face* const regular = plain("arial.ttf").faces.front();
  const Face* const bold = fonts->choose("Arial", true, false).faces.front();
  const Face* const bold_file = plain("arialbd.ttf").faces.front();
  EXPECT_NE(regular, bold);
  EXPECT_EQ(bold, bold_file);
  EXPECT_EQ(plain("arialbi.ttf").faces.front(), fonts->choose("Arial", true, true).faces.front());
  EXPECT_EQ(plain("Foo Bold Italic").faces.front(), plain("arialbi.ttf").faces.front());
  EXPECT_TRUE(fonts->choose("Verdana", false, true).synthetic_italic);
}

TEST_F(FontsTest, StylesChooseByFamilyFileAndBigFont) {
  TextStyle style;
  style.font_file = "arial.ttf";
  EXPECT_EQ(fonts->choose(style).shx, nullptr);
  style.font_family = "Courier New";
  EXPECT_EQ(fonts->choose(style).faces.front()->name(), "Liberation Mono");
  TextStyle shx;
  shx.font_file = "unknownfont.shx";
  EXPECT_NE(fonts->choose(shx).shx, nullptr);
  EXPECT_TRUE(fonts->choose(shx).substituted);
  shx.font_file = "tssdeng";
  shx.big_font_file = "gbcbig.shx";
  EXPECT_NE(fonts->choose(shx).shx, nullptr);
  EXPECT_FALSE(plain("txt").substituted);
}

// Widths that AutoCAD gave such texts: alignment points against start points, text extents.
TEST_F(FontsTest, WidthsAreTheOriginalFonts) {
  EXPECT_NEAR(width("arial.ttf", "0000"), 3.108, 0.003);
  EXPECT_NEAR(width("arial.ttf", "DATE"), 3.726, 0.005);
  EXPECT_NEAR(width("arialn.ttf", "CENTER"), 4.708, 0.02);
  EXPECT_NEAR(width("txt", "CENTER"), 34.0 / 6, 1e-6);
  EXPECT_NEAR(width("txt.shx", "HI"), 8.0 / 6, 1e-6);
  EXPECT_NEAR(width("simplex.shx", "0.00"), 64.0 / 21, 1e-6);
  EXPECT_NEAR(width("simplex.shx", "X"), 14.0 / 21, 1e-6);
  EXPECT_NEAR(width("simplex.shx", "SHEETNUMBER"), 220.0 / 21, 0.1);
}

TEST_F(FontsTest, ShxLettersStayInTheirCells) {
  const ShapedText shaped = shape("txt", "MWMWM");
  ASSERT_EQ(shaped.glyphs.size(), 5u);
  double previous_end = -1;
  for (const ShapedGlyph& glyph : shaped.glyphs) {
    const Box2 box = glyph.face->extents(glyph.id);
    const double scale = double{glyph.em} * double{glyph.squeeze};
    EXPECT_GT(glyph.offset.x + box.min_x * scale, previous_end);
    previous_end = glyph.offset.x + box.max_x * scale;
  }
  EXPECT_LT(shaped.glyphs[0].squeeze, 1);
}

TEST_F(FontsTest, CapitalsAreOneTextHeightHigh) {
  for (const std::string_view name : {"arial.ttf", "times.ttf", "cour.ttf", "verdana.ttf", "txt"}) {
    const ShapedText shaped = shape(name, "H");
    ASSERT_EQ(shaped.glyphs.size(), 1u);
    const ShapedGlyph& glyph = shaped.glyphs[0];
    const Box2 box = extents(glyph.face->outline(glyph.id));
    EXPECT_NEAR(box.max_y * double{glyph.em}, 1, 1e-6) << name;
    EXPECT_NEAR(box.min_y, 0, 1e-6) << name;
  }
}

TEST_F(FontsTest, ExtentsAreTheOutlines) {
  for (const ShapedGlyph& glyph : shape("arial.ttf", "Agj%").glyphs) {
    const Box2 box = extents(glyph.face->outline(glyph.id));
    const Box2 stated = glyph.face->extents(glyph.id);
    EXPECT_NEAR(box.min_x, stated.min_x, 1e-3);
    EXPECT_NEAR(box.max_x, stated.max_x, 1e-3);
    EXPECT_NEAR(box.min_y, stated.min_y, 1e-3);
    EXPECT_NEAR(box.max_y, stated.max_y, 1e-3);
  }
  const ShapedText blank = shape("arial.ttf", " ");
  EXPECT_TRUE(blank.glyphs[0].face->outline(blank.glyphs[0].id).empty());
  EXPECT_TRUE(blank.glyphs[0].face->extents(blank.glyphs[0].id).empty());
}

TEST_F(FontsTest, GlyphNumbersOutOfRangeAreBlank) {
  const Face* const face = fonts->faces().front();
  EXPECT_TRUE(face->outline(0xffffffffu).empty());
  EXPECT_TRUE(face->extents(0xffffffffu).empty());
}

TEST_F(FontsTest, FallsBackByCharacter) {
  const ShapedText shaped = shape("arial.ttf", "A\u2300\u6CB9\u0416");
  ASSERT_EQ(shaped.glyphs.size(), 4u);
  EXPECT_EQ(shaped.glyphs[0].face->name(), "Liberation Sans");
  EXPECT_EQ(shaped.glyphs[1].face->name(), "DejaVu Sans");
  EXPECT_EQ(shaped.glyphs[2].face->name(), "Droid Sans Fallback");
  EXPECT_EQ(shaped.glyphs[3].face->name(), "Liberation Sans");
  for (const ShapedGlyph& glyph : shaped.glyphs) EXPECT_NE(glyph.id, 0u);
  EXPECT_EQ(shaped.glyphs[2].cluster, 4u);
}

TEST_F(FontsTest, AMissingCharacterIsABox) {
  const ShapedText shaped = shape("arial.ttf", "\u0E01");
  ASSERT_EQ(shaped.glyphs.size(), 1u);
  EXPECT_EQ(shaped.glyphs[0].id, 0u);
  EXPECT_FALSE(shaped.glyphs[0].face->outline(0).empty());
  EXPECT_GT(shaped.advance, 0.3);
}

TEST_F(FontsTest, IdeographsOfBigFontsAreAboutAsHighAsCapitals) {
  const ShapedText shaped = shape("txt.shx", "\u6CB9\u6CB9");
  ASSERT_EQ(shaped.glyphs.size(), 2u);
  EXPECT_NEAR(shaped.advance, 2.2, 0.1);
}

TEST_F(FontsTest, HebrewRunsFromRightToLeft) {
  const ShapedText shaped = shape("arial.ttf", "\u05D0\u05D1\u05D2");
  ASSERT_EQ(shaped.glyphs.size(), 3u);
  EXPECT_EQ(shaped.glyphs[0].cluster, 4u);
  EXPECT_EQ(shaped.glyphs[2].cluster, 0u);
  EXPECT_LT(shaped.glyphs[0].offset.x, shaped.glyphs[2].offset.x);
}

TEST_F(FontsTest, ArabicLettersJoin) {
  const ShapedText alone = shape("arial.ttf", "\u0628");
  const ShapedText joined = shape("arial.ttf", "\u0628\u0628\u0628");
  ASSERT_EQ(alone.glyphs.size(), 1u);
  ASSERT_EQ(joined.glyphs.size(), 3u);
  EXPECT_NE(joined.glyphs[1].id, alone.glyphs[0].id);
}

TEST_F(FontsTest, MarksSitOnTheirBase) {
  const double base = shape("arial.ttf", "e\u00E9").advance;
  const double composed = shape("arial.ttf", "ee\u0301").advance;
  EXPECT_NEAR(base, composed, 0.02);
}

TEST_F(FontsTest, GlyphsAreBounded) {
  const FontChoice choice = plain("arial.ttf");
  const std::string ascii(10'000, 'a');
  EXPECT_EQ(fonts->shape(choice, ascii, 100).glyphs.size(), 100u);
  EXPECT_LE(fonts->shape(choice, ascii + "\u6CB9", 100).glyphs.size(), 100u);
  EXPECT_TRUE(fonts->shape(choice, "a", 0).glyphs.empty());
  EXPECT_TRUE(fonts->shape(FontChoice{}, "a", 100).glyphs.empty());
}

TEST_F(FontsTest, InvisibleCharactersHaveNoGlyph) {
  EXPECT_EQ(shape("arial.ttf", "a\u200B\u00ADb\x01").glyphs.size(), 2u);
  EXPECT_EQ(shape("arial.ttf", "a\xFF").glyphs.size(), 2u);  // U+FFFD is shown
}

// ---- bidi

std::string visual(std::u32string_view text) {
  std::string out;
  for (const BidiRun& run : bidi_runs(std::span(text.data(), text.size()))) {
    out += run.right_to_left ? "<" : ">";
    out += std::to_string(run.begin) + "-" + std::to_string(run.end);
  }
  return out;
}

TEST(Bidi, Runs) {
  EXPECT_EQ(visual(U"abc"), ">0-3");
  EXPECT_EQ(visual(U"\u05D0\u05D1"), "<0-2");
  EXPECT_EQ(visual(U"ab \u05D0\u05D1 cd"), ">0-3<3-5>5-8");
  EXPECT_EQ(visual(U"\u05D0 ab \u05D1"), "<4-6>2-4<0-2");
  EXPECT_EQ(visual(U"\u05D0 12 \u05D1"), "<4-6>2-4<0-2");
  EXPECT_EQ(visual(U"\u05D0 1.5"), ">2-5<0-2");
}

// ---- names

TEST(FontNames, Tables) {
  EXPECT_TRUE(find_font("ISOCPEUR.ttf").known);
  EXPECT_TRUE(find_font("Liberation Sans Narrow").digit > 0);
  EXPECT_NE(find_font("romans__.ttf").shx, nullptr);
  EXPECT_TRUE(find_font("Foo Italic").italic);
  EXPECT_FALSE(find_font("Foo").known);
  EXPECT_EQ(find_font("gothic.ttf").shx, nullptr);
  EXPECT_TRUE(find_font("Swis721 Cn BT Condensed").digit > 0);
  EXPECT_EQ(find_font(std::string(100'000, 'x')).stand_in, StandIn::sans);
}

}  // namespace
}  // namespace cad::text
