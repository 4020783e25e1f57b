// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/tags.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cad::dxf {
namespace {

struct Group {
  int code;
  std::string value;
  friend bool operator==(const Group&, const Group&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Group& g) {
    return out << g.code << '=' << g.value;
  }
};

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

struct Cursor {
  std::string text;
  Limits limits;
  Diagnostics diagnostics;
  TagCursor tags;
  explicit Cursor(std::string content, Encoding encoding = Encoding::ascii)
      : text(std::move(content)), tags(bytes_of(text), encoding, limits, diagnostics) {}
  std::vector<Group> all() {
    std::vector<Group> groups;
    while (tags.next()) groups.push_back({tags.code(), std::string(tags.raw())});
    return groups;
  }
};

const std::vector<Group> kTwo{{0, "SECTION"}, {2, "HEADER"}};

TEST(DxfTags, ReadEveryKindOfLineEnd) {
  EXPECT_EQ(Cursor("  0\nSECTION\n  2\nHEADER\n").all(), kTwo);
  EXPECT_EQ(Cursor("0\r\nSECTION\r\n2\r\nHEADER\r\n").all(), kTwo);
  EXPECT_EQ(Cursor("0\rSECTION\r2\rHEADER\r").all(), kTwo);
  EXPECT_EQ(Cursor("0\r\r\nSECTION\r\r\n2\r\r\nHEADER").all(), kTwo);
  EXPECT_EQ(Cursor("\xEF\xBB\xBF  0\nSECTION\n\t2 \nHEADER").all(), kTwo);
  EXPECT_EQ(Cursor("999\nnote\n0\nSECTION\n999\n0\n2\nHEADER\n").all(), kTwo);
}

TEST(DxfTags, KeepBlanksAndEmptyValues) {
  const std::vector<Group> groups{{1, "  two blanks "}, {3, ""}, {1, std::string(300, 'x')}};
  EXPECT_EQ(Cursor("1\n  two blanks \n3\n\n1\n" + std::string(300, 'x') + "\n").all(), groups);
}

TEST(DxfTags, CountLines) {
  Cursor cursor("999\nnote\n0\nLINE\n10\n1\n");
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_EQ(cursor.tags.where(), "line 3");
  const TagCursor::Mark mark = cursor.tags.mark();
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_EQ(cursor.tags.line(), 5u);
  EXPECT_FALSE(cursor.tags.next());
  cursor.tags.seek(mark);
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_EQ(cursor.tags.raw(), "LINE");
  EXPECT_EQ(cursor.tags.line(), 3u);
}

TEST(DxfTags, DeliverAGroupAgain) {
  Cursor cursor("0\nLINE\n8\n0\n");
  cursor.tags.next();
  cursor.tags.push_back();
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_EQ(cursor.tags.raw(), "LINE");
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_FALSE(cursor.tags.next());
  cursor.tags.push_back();
  EXPECT_FALSE(cursor.tags.next());
}

TEST(DxfTags, FindTheWayBackAfterALostLine) {
  // The value of group 20 is missing: "11" is taken for it, and "5.0" for a code.
  Cursor cursor("0\nLINE\n10\n1.0\n20\n11\n5.0\n21\n7\n0\nCIRCLE\n8\n0\n");
  const std::vector<Group> groups{{0, "LINE"}, {10, "1.0"},   {20, "11"},
                                  {21, "7"},   {0, "CIRCLE"}, {8, "0"}};
  EXPECT_EQ(cursor.all(), groups);
  ASSERT_EQ(cursor.diagnostics.all().size(), 1u);
  EXPECT_EQ(cursor.diagnostics.all()[0].code, "DXF_BAD_GROUP_CODE");
  EXPECT_EQ(cursor.diagnostics.all()[0].where, "line 7");
}

TEST(DxfTags, SayWhenTheLastGroupIsCut) {
  Cursor cursor("0\nLINE\n10");
  EXPECT_EQ(cursor.all().size(), 1u);
  ASSERT_EQ(cursor.diagnostics.all().size(), 1u);
  EXPECT_EQ(cursor.diagnostics.all()[0].code, "DXF_TRUNCATED");
}

double number_of(const std::string& text, std::string_view expected_code = {}) {
  Cursor cursor("10\n" + text + "\n");
  EXPECT_TRUE(cursor.tags.next());
  const double value = cursor.tags.number();
  const auto& all = cursor.diagnostics.all();
  EXPECT_EQ(all.empty() ? std::string_view() : std::string_view(all[0].code), expected_code)
      << text;
  return value;
}

TEST(DxfTags, ReadNumbersExactly) {
  for (const char* text :
       {"0.1", "-12.5", "123456.789012345678", "9007199254740.993", "1e15", "5e-324",
        "0.000000000000000000000001", ".5", "5.", "-.25", "179.99999999999997",
        "3.14159265358979323846264338327950288", "1E5", "1e-7"})
    EXPECT_EQ(number_of(text), std::strtod(text, nullptr)) << text;
  EXPECT_EQ(number_of("  +4.5 "), 4.5);
  EXPECT_EQ(number_of("1e-400"), 0);
}

TEST(DxfTags, TakeNoNonsenseForNumbers) {
  for (const char* text : {"1e400", "-1e400", "nan", "inf", "-inf", "INFINITY", "abc", "", "1.0.0",
                           "0x10", "1e", "--1", "1e16", "12 13"})
    EXPECT_EQ(number_of(text, "DXF_BAD_NUMBER"), 0) << text;
  EXPECT_EQ(number_of("1,5", "DXF_DECIMAL_COMMA"), 1.5);
  EXPECT_EQ(number_of("1,5,5", "DXF_BAD_NUMBER"), 0);
}

TEST(DxfTags, ReadIntegersAndHandles) {
  Cursor cursor("70\n     7\n62\n-3\n90\n1.0\n70\nx\n5\n1aF\n330\nG1\n5\n\n");
  const auto next = [&cursor]() -> TagCursor& {
    EXPECT_TRUE(cursor.tags.next());
    return cursor.tags;
  };
  EXPECT_EQ(next().integer(), 7);
  EXPECT_EQ(next().integer(), -3);
  EXPECT_EQ(next().integer(), 1);
  EXPECT_EQ(next().integer(), 0);
  EXPECT_EQ(next().handle(), 0x1AFu);
  EXPECT_EQ(next().handle(), 0u);
  EXPECT_EQ(next().handle(), 0u);
  ASSERT_EQ(cursor.diagnostics.all().size(), 2u);
  EXPECT_EQ(cursor.diagnostics.all()[0].where, "line 7");
  EXPECT_EQ(cursor.diagnostics.all()[1].code, "DXF_BAD_HANDLE");
}

const std::string kSentinel("AutoCAD Binary DXF\r\n\x1a\0", 22);

TEST(DxfTags, ReadTheLaterBinaryLayout) {
  using namespace std::string_literals;
  Cursor cursor(kSentinel +
                    "\x00\x00SECTION\0"s
                    "\x0A\x00\x00\x00\x00\x00\x00\x00\xF8\x3F"s  // 10: 1.5
                    "\x46\x00\xFE\xFF"s                          // 70: -2
                    "\x5A\x00\x00\x00\x01\x00"s                  // 90: 65536
                    "\x22\x01\x01"s                              // 290: 1
                    "\x36\x01\x02\xAB\xCD"s                      // 310: AB CD
                    "\x05\x00"
                    "2F\0"s,
                Encoding::binary);
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_EQ(cursor.tags.raw(), "SECTION");
  EXPECT_EQ(cursor.tags.where(), "byte 22");
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.number(), 1.5);
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.integer(), -2);
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.integer(), 65536);
  cursor.tags.next();
  EXPECT_TRUE(cursor.tags.flag());
  cursor.tags.next();
  std::string chunk;
  cursor.tags.append_binary(chunk);
  EXPECT_EQ(chunk, "\xAB\xCD");
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.handle(), 0x2Fu);
  EXPECT_FALSE(cursor.tags.next());
  EXPECT_TRUE(cursor.diagnostics.all().empty());
}

TEST(DxfTags, ReadTheR12BinaryLayout) {
  using namespace std::string_literals;
  Cursor cursor(kSentinel +
                    "\x00LINE\0"s
                    "\x3E\x05\x00"s  // 62: 5
                    "\xFF\xE9\x03"
                    "APP\0"s                                  // 1001 by the escape
                    "\x28\x00\x00\x00\x00\x00\x00\xF0\x7F"s,  // 40: infinity
                Encoding::binary_r12);
  ASSERT_TRUE(cursor.tags.next());
  EXPECT_EQ(cursor.tags.raw(), "LINE");
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.integer(), 5);
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.code(), 1001);
  cursor.tags.next();
  EXPECT_EQ(cursor.tags.number(), 0);
  EXPECT_EQ(cursor.diagnostics.all().at(0).code, "DXF_BAD_NUMBER");
}

TEST(DxfTags, StopWhereABinaryFileIsCut) {
  using namespace std::string_literals;
  Cursor cursor(kSentinel + "\x00\x00LINE\0\x0A\x00\x00\x00"s, Encoding::binary);
  EXPECT_EQ(cursor.all().size(), 1u);
  EXPECT_EQ(cursor.diagnostics.all().at(0).code, "DXF_TRUNCATED");
}

TEST(DxfTags, FindTheNextRecordOfABinaryFile) {
  using namespace std::string_literals;
  Cursor cursor(kSentinel + "\x00\x00LINE\0\x99\x77\x00\x00\x01\x00\x00"s +
                    "\x00\x00"
                    "CIRCLE\0\x08\x00"
                    "0\0"s,
                Encoding::binary);
  const std::vector<Group> groups{{0, "LINE"}, {0, "CIRCLE"}, {8, "0"}};
  EXPECT_EQ(cursor.all(), groups);
  EXPECT_EQ(cursor.diagnostics.all().at(0).code, "DXF_BAD_GROUP_CODE");
}

TEST(DxfTags, DecodeHexadecimalChunks) {
  Cursor cursor("310\n0aFF\n310\n0G\n");
  std::string out;
  cursor.tags.next();
  cursor.tags.append_binary(out);
  EXPECT_EQ(out, "\x0A\xFF");
  cursor.tags.next();
  cursor.tags.append_binary(out);
  EXPECT_EQ(out.size(), 2u);
  EXPECT_EQ(cursor.diagnostics.all().at(0).code, "DXF_BAD_BINARY");
}

}  // namespace
}  // namespace cad::dxf
