// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace cad {
namespace {

std::string converted(CodePage page, std::string_view bytes) {
  std::string out;
  append_as_utf8(page, bytes, out);
  return out;
}

std::string decoded(std::string_view raw, const CadText& how = {}) {
  CadTextIssues issues;
  return decode_cad_text(raw, how, issues);
}

TEST(CodePages, AreFoundByTheNamesThatDrawingsUse) {
  EXPECT_EQ(code_page_of("ANSI_1252"), 1252);
  EXPECT_EQ(code_page_of("ansi_1251"), 1251);
  EXPECT_EQ(code_page_of("ANSI_932"), 932);
  EXPECT_EQ(code_page_of("ANSI_1361"), 1361);
  EXPECT_EQ(code_page_of("DOS850"), 850);
  EXPECT_EQ(code_page_of("dos932"), 932);
  EXPECT_EQ(code_page_of("ISO8859-2"), 28592);
  EXPECT_EQ(code_page_of("ISO_8859-1"), 28591);
  EXPECT_EQ(code_page_of("GB2312"), 936);
  EXPECT_EQ(code_page_of("BIG5"), 950);
  EXPECT_EQ(code_page_of("UTF-8"), kUtf8);
  EXPECT_EQ(code_page_of("KLINGON"), std::nullopt);
  EXPECT_EQ(code_page_of("ANSI_99999"), std::nullopt);
  EXPECT_EQ(code_page_of("ISO8859-12"), std::nullopt);
  EXPECT_EQ(code_page_of(""), std::nullopt);
}

// Samples from the code pages' own definitions.
TEST(CodePages, ConvertSingleBytes) {
  EXPECT_EQ(converted(1252, "\xD8 12 \x80"), "\u00D8 12 \u20AC");
  EXPECT_EQ(converted(1251, "\xCF\xEB\xE0\xED"), "\u041F\u043B\u0430\u043D");
  EXPECT_EQ(converted(1253, "\xD3\xF7\xDD\xE4\xE9\xEF"), "\u03A3\u03C7\u03AD\u03B4\u03B9\u03BF");
  EXPECT_EQ(converted(850, "\x8E\x84\x9B"), "\u00C4\u00E4\u00F8");
  EXPECT_EQ(converted(437, "\xE0\xF8"), "\u03B1\u00B0");
  EXPECT_EQ(converted(10000, "\x80\xA7"), "\u00C4\u00DF");
  EXPECT_EQ(converted(874, "\xA1\xD2"), "\u0E01\u0E32");
}

TEST(CodePages, ConvertDoubleBytes) {
  EXPECT_EQ(converted(932, "\x90\x7D\x96\xCA"), "\u56F3\u9762");
  EXPECT_EQ(converted(932, "\x95\x5C\xC4 1"), "\u8868\uFF84 1");  // second byte is a backslash
  EXPECT_EQ(converted(936, "\xCD\xBC\xD6\xBD\x80"), "\u56FE\u7EB8\u20AC");
  EXPECT_EQ(converted(949, "\xB5\xB5\xB8\xE9"), "\uB3C4\uBA74");
  EXPECT_EQ(converted(950, "\xB9\xCF\xAF\xC8"), "\u5716\u7D19");
  EXPECT_EQ(converted(1361, "\x88\x61\x88\x62"), "\uAC00\uAC01");
}

TEST(CodePages, ReplaceWhatMeansNothing) {
  std::string out;
  EXPECT_EQ(append_as_utf8(1252, "a\x81z", out), 1u);
  EXPECT_EQ(out, "a\uFFFDz");
  out.clear();
  EXPECT_EQ(append_as_utf8(932, "a\x90", out), 1u);  // a lead byte at the end
  EXPECT_EQ(out, "a\uFFFD");
  out.clear();
  EXPECT_EQ(append_as_utf8(kUtf8, "\xC3\x28\xED\xA0\x80", out), 4u);
  EXPECT_EQ(out, "\uFFFD(\uFFFD\uFFFD\uFFFD");
}

TEST(Utf8, IsJudgedByTheStandard) {
  EXPECT_TRUE(is_valid_utf8("\u00E4 \u4E00 \U0001F600"));
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // beyond Unicode
  EXPECT_FALSE(is_valid_utf8("\xE4\xB8"));          // cut
}

TEST(CadText, ResolvesUnicodeEscapes) {
  EXPECT_EQ(decoded("\\U+00D8 20"), "\u00D8 20");
  EXPECT_EQ(decoded("\\U+D83D\\U+DE00"), "\U0001F600");
  EXPECT_EQ(decoded("\\U+D83Dx"), "\uFFFDx");  // half of a pair
  EXPECT_EQ(decoded("\\U+12G4 \\U+12"), "\\U+12G4 \\U+12");
  EXPECT_EQ(decoded("\\P\\U\\"), "\\P\\U\\");
}

TEST(CadText, ResolvesMultibyteEscapes) {
  EXPECT_EQ(decoded("\\M+1907D"), "\u56F3");  // Shift-JIS
  EXPECT_EQ(decoded("\\M+2B9CF"), "\u5716");  // Big5
  EXPECT_EQ(decoded("\\M+3B5B5"), "\uB3C4");  // Wansung
  EXPECT_EQ(decoded("\\M+48861"), "\uAC00");  // Johab
  EXPECT_EQ(decoded("\\M+5CDBC"), "\u56FE");  // GBK
  EXPECT_EQ(decoded("\\M+9FFFF"), "\\M+9FFFF");
}

TEST(CadText, TakesUtf8WhereTheFileSaysSoAndFallsBackByString) {
  CadText utf8{1251, true, false};
  EXPECT_EQ(decoded("\xC3\xA4", utf8), "\u00E4");
  CadTextIssues issues;
  EXPECT_EQ(decode_cad_text("\xCF\xEB", utf8, issues), "\u041F\u043B");
  EXPECT_TRUE(issues.invalid_utf8);
  EXPECT_EQ(decoded("\xC3\xA4", {1252, false, false}), "\u00C3\u00A4");
  EXPECT_EQ(decoded("\xC3\xA4", {1252, false, true}), "\u00E4");
}

TEST(FoldCase, ComparesNamesAsAutoCadDoes) {
  EXPECT_EQ(fold_case("Wall-2"), fold_case("WALL-2"));
  EXPECT_EQ(fold_case("\u00C4\u00D6\u00DC"), "\u00E4\u00F6\u00FC");
  EXPECT_EQ(fold_case("\u041F\u041B\u0410\u041D \u0401"), "\u043F\u043B\u0430\u043D \u0451");
  EXPECT_EQ(fold_case("\u0391\u03A9"), "\u03B1\u03C9");
  EXPECT_EQ(fold_case("\u0160\u0179"), "\u0161\u017A");
  EXPECT_EQ(fold_case("\u56F3"), "\u56F3");
  EXPECT_NE(fold_case("A"), fold_case("B"));
}

// Every code point there is comes back, and every way to spoil its bytes costs one of them.
TEST(Utf8, is_read_one_code_point_at_a_time) {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 257) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append_utf8(c, text);
    const std::size_t size = text.size();
    text += "x";
    std::size_t at = 0;
    ASSERT_EQ(next_code_point(text, at), c);
    ASSERT_EQ(at, size);
    if (size == 1) continue;
    at = 0;
    ASSERT_EQ(next_code_point(std::string_view(text).substr(0, size - 1), at), kReplacement);
    ASSERT_EQ(at, 1u);
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    std::size_t at = 0;
    EXPECT_EQ(next_code_point(bad, at), kReplacement);
    EXPECT_EQ(at, 1u);
  }
}

}  // namespace
}  // namespace cad
