// SPDX-License-Identifier: Apache-2.0
#include "text/codes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cad::text {
namespace {

using Kind = MTextRun::Kind;

std::string plain(std::string_view raw) { return decode_text(raw).value; }

// ---- TEXT

TEST(DecodeText, SpecialCharacters) {
  EXPECT_EQ(plain("%%c20"), "\u00D820");
  EXPECT_EQ(plain("%%C20 %%d %%D %%p0.1 %%P"), "\u00D820 \u00B0 \u00B0 \u00B10.1 \u00B1");
  EXPECT_EQ(plain("35.00%%%"), "35.00%");
  EXPECT_EQ(plain("%%065%%066"), "AB");
  EXPECT_EQ(plain("%%176"), "\u00B0");
  EXPECT_EQ(plain("45%%127 %%1280.1 %%12910"), "45\u00B0 \u00B10.1 \u00D810");
}

TEST(DecodeText, WhatIsNoCodeStays) {
  EXPECT_EQ(plain("100%"), "100%");
  EXPECT_EQ(plain("100%%"), "100%%");
  EXPECT_EQ(plain("%%"), "%%");
  EXPECT_EQ(plain("%%z"), "%%z");
  EXPECT_EQ(plain("%%12"), "%%12");
  EXPECT_EQ(plain("%%999"), "%%999");
  EXPECT_EQ(plain("C:\\dir {a}"), "C:\\dir {a}");
  EXPECT_EQ(plain("x^2"), "x^2");
  EXPECT_EQ(plain("x^"), "x^");
  EXPECT_EQ(plain(""), "");
}

TEST(DecodeText, CaretsAndUnicode) {
  EXPECT_EQ(plain("a^Ib"), "a\tb");
  EXPECT_EQ(plain("a^ b"), "a^b");
  EXPECT_EQ(plain("a^Jb^Mc^@d"), "a b c d");
  EXPECT_EQ(plain("a\x01"
                  "b\x1F"
                  "c\nd\te"),
            "a b c d\te");
  EXPECT_EQ(plain("\\U+00C4rger"), "\u00C4rger");
  EXPECT_EQ(plain("\\U+D800!"), "\uFFFD!");
  EXPECT_EQ(plain("\\U+00G4"), "\\U+00G4");
  EXPECT_EQ(plain("\\U+00C"), "\\U+00C");
}

TEST(DecodeText, LinesToggle) {
  const PlainText text = decode_text("%%uA%%u B %%oC%%kD");
  EXPECT_EQ(text.value, "A B CD");
  ASSERT_EQ(text.lines.size(), 3u);
  EXPECT_EQ(text.lines[0].kind, PlainText::Line::Kind::under);
  EXPECT_EQ(text.lines[0].begin, 0u);
  EXPECT_EQ(text.lines[0].end, 1u);
  EXPECT_EQ(text.lines[1].kind, PlainText::Line::Kind::over);
  EXPECT_EQ(text.lines[1].begin, 4u);
  EXPECT_EQ(text.lines[1].end, 6u);
  EXPECT_EQ(text.lines[2].kind, PlainText::Line::Kind::strike);
  EXPECT_EQ(text.lines[2].begin, 5u);
}

TEST(DecodeText, EmptyLinesAreNone) { EXPECT_TRUE(decode_text("A%%u%%uB%%o").lines.empty()); }

// ---- MTEXT: plain

TEST(PlainMText, ParagraphsAndBreaks) {
  EXPECT_EQ(plain_mtext("a\\Pb"), "a\nb");
  EXPECT_EQ(plain_mtext("a\\P"), "a");
  EXPECT_EQ(plain_mtext("a\\P\\Pb"), "a\n\nb");
  EXPECT_EQ(plain_mtext("a^Jb^M^Jc"), "a\nb\nc");
  EXPECT_EQ(plain_mtext("a\r\nb"), "a\nb");
  EXPECT_EQ(plain_mtext("a\\Xb\\Nc"), "a\nb\nc");
  EXPECT_EQ(plain_mtext("a\\N"), "a");
  EXPECT_EQ(plain_mtext("a^Ib"), "a\tb");
  EXPECT_EQ(plain_mtext("a^Ab\x02"
                        "c"),
            "a b c");
  EXPECT_EQ(plain_mtext(""), "");
}

TEST(PlainMText, Characters) {
  EXPECT_EQ(plain_mtext("\\\\ \\{ \\}"), "\\ { }");
  EXPECT_EQ(plain_mtext("a\\~b"), "a b");
  EXPECT_EQ(plain_mtext("%%c %%d %%p %%%"), "\u00D8 \u00B0 \u00B1 %");
  EXPECT_EQ(plain_mtext("%%u"), "%%u");
  EXPECT_EQ(plain_mtext("\\U+2205 20"), "\u2205 20");
  EXPECT_EQ(plain_mtext("a^ b^2"), "a^b^2");
}

TEST(PlainMText, FormatsVanish) {
  EXPECT_EQ(plain_mtext("{\\fArial|b1|i0|c0|p34;A}\\Ftxt.shx;B"), "AB");
  EXPECT_EQ(plain_mtext("\\A1;\\H0.7x;\\W.8;\\Q15;\\T1.2;\\C1;\\c255;x"), "x");
  EXPECT_EQ(plain_mtext("\\C1red \\H2x;big"), "red big");
  EXPECT_EQ(plain_mtext("\\Lu\\l\\Oo\\o\\Kk\\k"), "uok");
  EXPECT_EQ(plain_mtext("\\pi-3,l3,qc,t4,c8,r12;x"), "x");
}

TEST(PlainMText, Stacks) {
  EXPECT_EQ(plain_mtext("\\S1/2;"), "1/2");
  EXPECT_EQ(plain_mtext("3\\S1#2;\""), "31/2\"");
  EXPECT_EQ(plain_mtext("\\S+0.1^ -0.2;"), "+0.1^-0.2");
  EXPECT_EQ(plain_mtext("\\Sa\\/b/c\\;d;e"), "a/b/c;de");
  EXPECT_EQ(plain_mtext("\\S1/2"), "1/2");
  EXPECT_EQ(plain_mtext("\\Sab;c"), "abc");
  EXPECT_EQ(plain_mtext("\\S~5/2;"), "~5/2");
  EXPECT_EQ(plain_mtext("\\S"), "");
}

TEST(PlainMText, MalformedIsShown) {
  EXPECT_EQ(plain_mtext("\\"), "\\");
  EXPECT_EQ(plain_mtext("\\z"), "\\z");
  EXPECT_EQ(plain_mtext("\\Hello"), "\\Hello");
  EXPECT_EQ(plain_mtext("\\fArial"), "\\fArial");
  EXPECT_EQ(plain_mtext("\\pi1"), "\\pi1");
  EXPECT_EQ(plain_mtext("\\U+12"), "\\U+12");
  EXPECT_EQ(plain_mtext("\\M+1AAAA"), "\\M+1AAAA");
  EXPECT_EQ(plain_mtext("}{a"), "a");
}

TEST(PlainMText, BracesNestWithoutBound) {
  const std::string open(5000, '{'), close(5000, '}');
  EXPECT_EQ(plain_mtext(open + "x" + close + "y"), "xy");
}

TEST(PlainMText, SymbolFontsShowTheirSymbols) {
  EXPECT_EQ(plain_mtext("{\\Fgdt;n}20"), "\u230020");
  EXPECT_EQ(plain_mtext("{\\Fgdt.shx|c0;m}"), "\u24C2");
}

TEST(PlainTolerance, CellsAndRows) {
  EXPECT_EQ(plain_tolerance("{\\Fgdt;j}%%v{\\Fgdt;n}0.1{\\Fgdt;m}%%vA%%v%%v^J%%v0.2%%vB^J"),
            "\u2316|\u23000.1\u24C2|A\n0.2|B");
  EXPECT_EQ(plain_tolerance(""), "");
}

// ---- MTEXT: structure

TEST(ParseMText, ScopesRestore) {
  const auto paragraphs = parse_mtext("a{\\C1;\\H2x;b{\\H2x;c}d}e");
  ASSERT_EQ(paragraphs.size(), 1u);
  const auto& runs = paragraphs[0].runs;
  ASSERT_EQ(runs.size(), 5u);
  EXPECT_FALSE(runs[0].color);
  EXPECT_EQ(runs[1].color, Color::aci(1));
  EXPECT_DOUBLE_EQ(runs[1].height, 2);
  EXPECT_DOUBLE_EQ(runs[2].height, 4);
  EXPECT_DOUBLE_EQ(runs[3].height, 2);
  EXPECT_DOUBLE_EQ(runs[4].height, 1);
  EXPECT_FALSE(runs[4].color);
}

TEST(ParseMText, DeepScopesStillRestoreTheOuterOnes) {
  const std::string open(200, '{'), close(200, '}');
  const auto paragraphs = parse_mtext("a" + open + "\\C1;b" + close + "c");
  const auto& runs = paragraphs[0].runs;
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_TRUE(runs[1].color);
  EXPECT_FALSE(runs[2].color);
}

TEST(ParseMText, Colors) {
  const auto runs = parse_mtext("\\c16711680;b\\C256;l\\C0;k\\C300;s")[0].runs;
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0].color->rgb, (Rgb{0, 0, 255}));
  EXPECT_EQ(runs[1].color->kind, Color::Kind::by_layer);
  EXPECT_EQ(runs[2].color->kind, Color::Kind::by_block);
  EXPECT_EQ(runs[3].color->kind, Color::Kind::by_block);
}

TEST(ParseMText, HeightsAbsoluteAndRelative) {
  const auto runs = parse_mtext("\\H3;a\\H0.5x;b\\H1e999;c")[0].runs;
  ASSERT_GE(runs.size(), 2u);
  EXPECT_DOUBLE_EQ(*runs[0].absolute_height, 3);
  EXPECT_DOUBLE_EQ(*runs[1].absolute_height, 1.5);
  EXPECT_TRUE(runs[1].text.starts_with("b\\H1e999"));
}

TEST(ParseMText, HeightsStayFinite) {
  std::string raw;
  for (int i = 0; i < 500; ++i) raw += "\\H1000x;";
  const auto runs = parse_mtext(raw + "a")[0].runs;
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_LE(runs[0].height, 1e6);
}

TEST(ParseMText, Fonts) {
  const auto runs = parse_mtext("{\\fTimes New Roman|b1|i1|c238|p18;a}\\Fromans;b\\f|b1;c")[0].runs;
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].font, "Times New Roman");
  EXPECT_TRUE(runs[0].bold && runs[0].italic);
  EXPECT_FALSE(runs[0].font_is_shx);
  EXPECT_EQ(runs[1].font, "romans");
  EXPECT_TRUE(runs[1].font_is_shx);
  EXPECT_FALSE(runs[1].bold);
  EXPECT_EQ(runs[2].font, "romans");
}

TEST(ParseMText, Paragraphs) {
  const auto paragraphs = parse_mtext("\\pi-1.5,l2,r.5,qr,t4,c8,r12;a\\Pb{\\pqc;c}\\Pd");
  ASSERT_EQ(paragraphs.size(), 3u);
  EXPECT_DOUBLE_EQ(paragraphs[0].indent, -1.5);
  EXPECT_DOUBLE_EQ(paragraphs[0].left, 2);
  EXPECT_DOUBLE_EQ(paragraphs[0].right, 0.5);
  EXPECT_EQ(paragraphs[0].justify, 2);
  EXPECT_EQ(paragraphs[0].tab_stops, (std::vector<double>{4, 8, 12}));
  EXPECT_EQ(paragraphs[0].tab_kinds, (std::vector<char>{'l', 'c', 'r'}));
  EXPECT_EQ(paragraphs[1].justify, 3);
  EXPECT_DOUBLE_EQ(paragraphs[1].left, 2);
  EXPECT_EQ(paragraphs[2].justify, 2);
}

TEST(ParseMText, StackParts) {
  const auto runs = parse_mtext("\\H.7x;\\S%%p1^ 2;")[0].runs;
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].kind, Kind::stack);
  EXPECT_EQ(runs[0].text, "\u00B11");
  EXPECT_EQ(runs[0].denominator, "2");
  EXPECT_EQ(runs[0].stack_form, '^');
  EXPECT_DOUBLE_EQ(runs[0].height, 0.7);
}

TEST(ParseMText, ManyFormatsAreBounded) {
  std::string raw = "\\f" + std::string(100'000, 'F') + ";";
  for (int i = 0; i < 150'000; ++i) raw += "\\C1;a\\C2;b";
  std::size_t runs = 0;
  for (const auto& paragraph : parse_mtext(raw)) runs += paragraph.runs.size();
  EXPECT_LE(runs, 100'001u);
  EXPECT_EQ(plain_mtext(raw).size(), 300'000u);
}

}  // namespace
}  // namespace cad::text
