// SPDX-License-Identifier: Apache-2.0
// Strings as drafters of many countries stored them, through the whole way of an object. The bytes
// are those of other programs' codecs.
#include <gtest/gtest.h>

#include "formats/dwg/testing/every_version.hpp"
#include "formats/dwg/testing/hand_made.hpp"

namespace cad::dwg {
namespace {

using testing::HandMade;
using testing::ObjectWriter;

constexpr std::uint16_t kText = 1;

struct Script {
  std::string_view name;
  std::uint16_t code_page_index;
  std::string_view stored;    // before 2007
  std::u16string_view units;  // from 2007 on
  std::string_view shown;
};

constexpr Script kScripts[] = {
    {"Western", 30,
     "Ma\xDF \xD8"
     "12 \xE9 \x80",
     u"Ma\u00DF \u00D812 \u00E9 \u20AC", "Ma\u00DF \u00D812 \u00E9 \u20AC"},
    {"CentralEuropean", 28,
     "\xD8"
     "ez \xA3\xF3"
     "d\x9F \xF5",
     u"\u0158ez \u0141\u00F3d\u017A \u0151", "\u0158ez \u0141\u00F3d\u017A \u0151"},
    {"Cyrillic", 29, "\xCF\xEB\xE0\xED \xFD\xF2\xE0\xE6\xE0 \xA8",
     u"\u041F\u043B\u0430\u043D \u044D\u0442\u0430\u0436\u0430 \u0401",
     "\u041F\u043B\u0430\u043D \u044D\u0442\u0430\u0436\u0430 \u0401"},
    {"CyrillicDos", 27, "\x97\xA5\xE0\xE2\xF1\xA6", u"\u0427\u0435\u0440\u0442\u0451\u0436",
     "\u0427\u0435\u0440\u0442\u0451\u0436"},
    {"CyrillicIso", 6, "\xBF\xDB\xD0\xDD", u"\u041F\u043B\u0430\u043D", "\u041F\u043B\u0430\u043D"},
    {"Greek", 32, "\xD3\xF7\xDD\xE4\xE9\xEF", u"\u03A3\u03C7\u03AD\u03B4\u03B9\u03BF",
     "\u03A3\u03C7\u03AD\u03B4\u03B9\u03BF"},
    {"GreekIso", 8, "\xD3\xF7\xDD\xE4\xE9\xEF", u"\u03A3\u03C7\u03AD\u03B4\u03B9\u03BF",
     "\u03A3\u03C7\u03AD\u03B4\u03B9\u03BF"},
    {"Turkish", 33,
     "\xD6l\xE7"
     "ek \xFD\xF0\xDD\xDE",
     u"\u00D6l\u00E7ek \u0131\u011F\u0130\u015E", "\u00D6l\u00E7ek \u0131\u011F\u0130\u015E"},
    {"TurkishIso", 10, "\xFD\xF0\xDD\xDE", u"\u0131\u011F\u0130\u015E", "\u0131\u011F\u0130\u015E"},
    {"Hebrew", 34, "\xFA\xE5\xEB\xF0\xE9\xFA", u"\u05EA\u05D5\u05DB\u05E0\u05D9\u05EA",
     "\u05EA\u05D5\u05DB\u05E0\u05D9\u05EA"},
    {"HebrewIso", 9, "\xFA\xE5\xEB\xF0\xE9\xFA", u"\u05EA\u05D5\u05DB\u05E0\u05D9\u05EA",
     "\u05EA\u05D5\u05DB\u05E0\u05D9\u05EA"},
    {"Arabic", 35, "\xE3\xCE\xD8\xD8", u"\u0645\u062E\u0637\u0637", "\u0645\u062E\u0637\u0637"},
    {"Baltic", 36, "Br\xEB\xFEinys \xFB\xFE", u"Br\u0117\u017Einys \u016B\u017E",
     "Br\u0117\u017Einys \u016B\u017E"},
    {"Thai", 37, "\xE1\xBA\xBA", u"\u0E41\u0E1A\u0E1A", "\u0E41\u0E1A\u0E1A"},
    {"Vietnamese", 44, "\xD0\xF5 \xFD", u"\u0110\u01A1 \u01B0", "\u0110\u01A1 \u01B0"},
    {"Japanese", 38, "\x90}\x96\xCA \x95\x5C\x83\x5C \xC4", u"\u56F3\u9762 \u8868\u30BD \uFF84",
     "\u56F3\u9762 \u8868\u30BD \uFF84"},
    {"SimplifiedChinese", 39, "\xCD\xBC\xD6\xBD \xC6\xBD\xC3\xE6", u"\u56FE\u7EB8 \u5E73\u9762",
     "\u56FE\u7EB8 \u5E73\u9762"},
    {"Gb2312", 31, "\xBD\xA8\xD6\xFE", u"\u5EFA\u7B51", "\u5EFA\u7B51"},
    {"Korean", 40,
     "\xB5\xB5\xB8\xE9 \x8C"
     "c",
     u"\uB3C4\uBA74 \uB620", "\uB3C4\uBA74 \uB620"},
    {"KoreanJohab", 42,
     "\x95\xA1\xA1"
     "e",
     u"\uB3C4\uBA74", "\uB3C4\uBA74"},
    {"TraditionalChinese", 41, "\xB9\xCF\xAF\xC8 \xB3\x5C\xA5\x5C\xBB\x5C",
     u"\u5716\u7D19 \u8A31\u529F\u84CB", "\u5716\u7D19 \u8A31\u529F\u84CB"},
    {"Big5", 24, "\xA5\xAD\xAD\xB1", u"\u5E73\u9762", "\u5E73\u9762"},
    {"DosLatin", 12,
     "Gr\x94\xE1"
     "e \x9B",
     u"Gr\u00F6\u00DFe \u00F8", "Gr\u00F6\u00DFe \u00F8"},
    {"DosUs", 11, "\xE0\xF8\xAB", u"\u03B1\u00B0\u00BD", "\u03B1\u00B0\u00BD"},
    {"Macintosh", 23,
     "Gr\x9A\xA7"
     "e",
     u"Gr\u00F6\u00DFe", "Gr\u00F6\u00DFe"},
    {"Latin2", 3,
     "\xD8"
     "ez",
     u"\u0158ez", "\u0158ez"},
};

// ODA 20.4.3.
ObjectWriter text_object(Version version, std::string_view stored, std::u16string_view units) {
  ObjectWriter out(version);
  out.entity_common(0);
  if (out.from(Version::r2000)) {
    out.data.rc(0xFF).rd2({1, 2}).b(true).b(true).rd(2.5);  // what can be left out, is
  } else {
    out.data.bd(0).rd2({1, 2}).rd2({0, 0}).bd3({0, 0, 1}).bd(0).bd(0).bd(0).bd(2.5).bd(1);
  }
  out.text(stored, units);
  if (!out.from(Version::r2000)) out.data.bs(0).bs(0).bs(0);
  out.handles.h(5, 0);
  return out;
}

std::string read_back(Version version, std::uint16_t code_page_index, std::string_view stored,
                      std::u16string_view units) {
  HandMade drawing(version, code_page_index);
  drawing.add(kText, 0x30, text_object(version, stored, units));
  drawing.read();
  EXPECT_TRUE(drawing.is_complete(0x30));
  const Entity* const entity = drawing.entity(0x30);
  return entity == nullptr ? "(no entity)" : std::get<Text>(entity->geometry).value;
}

class EveryScript : public ::testing::TestWithParam<Script> {};

TEST_P(EveryScript, IsReadInEveryRelease) {
  const Script& script = GetParam();
  for (const Version version : testing::kEveryVersion)
    EXPECT_EQ(read_back(version, script.code_page_index, script.stored, script.units), script.shown)
        << code_of(version);
}

INSTANTIATE_TEST_SUITE_P(Dwg, EveryScript, ::testing::ValuesIn(kScripts),
                         [](const ::testing::TestParamInfo<Script>& of) {
                           return std::string(of.param.name);
                         });

// A character that the drawing's code page lacks is written as an escape, in any release.
TEST(DwgText, EscapesStandForWhatTheCodePageLacks) {
  for (const Version version : testing::kEveryVersion) {
    constexpr std::uint16_t kWestern = 30;
    EXPECT_EQ(read_back(version, kWestern, "\\U+2205 \\M+1907D", u"\\U+2205 \\M+1907D"),
              "\u2205 \u56F3")
        << code_of(version);
    EXPECT_EQ(
        read_back(version, kWestern, "\\M+5CDBC\\M+2B9CF\\M+3B5B5", u"\\M+5CDBC\\M+2B9CF\\M+3B5B5"),
        "\u56FE\u5716\uB3C4")
        << code_of(version);
  }
}

// An index that no code page has: Western, as the programs do, and never a crash.
TEST(DwgText, UnknownCodePagesAreWestern) {
  EXPECT_EQ(read_back(Version::r2000, 999, "\xE4", u""), "\u00E4");
}

}  // namespace
}  // namespace cad::dwg
