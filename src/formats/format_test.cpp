// SPDX-License-Identifier: Apache-2.0
#include "formats/format.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cad {
namespace {

using namespace std::string_literals;

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string name_of(const std::string& head) {
  const Format* const format = sniff(bytes_of(head));
  return format != nullptr ? std::string(format->name) : "";
}

TEST(Sniff, KnowsDxfByItsContent) {
  EXPECT_EQ(name_of("  0\nSECTION\n  2\nHEADER\n"), "DXF");
  EXPECT_EQ(name_of("0\r\nSECTION\r\n2\r\nENTITIES\r\n"), "DXF");
  EXPECT_EQ(name_of("\xEF\xBB\xBF"
                    "0\rSECTION\r"),
            "DXF");
  EXPECT_EQ(name_of("999\nmade by hand\n999\nagain\n  0\nSECTION\n"), "DXF");
  EXPECT_EQ(name_of("0\nLINE\n8\n0\n"), "DXF");
  EXPECT_EQ(name_of("AutoCAD Binary DXF\r\n\x1a\0\0\0SECTION\0"s), "DXF");
}

TEST(Sniff, TakesNoTextForADrawing) {
  for (const char* text : {"", "0", "0\n", "hello\nworld\n", "{\"a\":1}", "0\nhello\n", "1\n2\n3\n",
                           "<svg>", "999\nonly\n999\ncomments", "SECTION\n0\n", "\n\n\n"})
    EXPECT_EQ(name_of(text), "") << text;
  EXPECT_EQ(name_of("PK\x03\x04 word/document.xml"), "");
  EXPECT_EQ(name_of("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 W\0o\0r\0d\0"s), "");
}

TEST(Sniff, RecognizesWhatItCannotRead) {
  EXPECT_EQ(name_of("AC1032\0\0\0\0\0\0\0"s), "DWG");
  EXPECT_EQ(name_of("AC1.50\0\0\0\0\0\0\0"s), "DWG");
  EXPECT_EQ(name_of("(DWF V06.00)PK\x03\x04"), "DWF");
  EXPECT_EQ(name_of("(W2D V06.00)\r\n"), "DWF");
  EXPECT_EQ(name_of("(DWF V00.55)\x02"), "DWF");
  EXPECT_EQ(name_of("\x08\x09\xFE\x02\x01\x08"), "DGN");
  EXPECT_EQ(name_of("\xC8\x09\xFE\x02\x01\x08"), "DGN");
  EXPECT_EQ(name_of("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 D\0g\0n\0~\0"s), "DGN V8");
  EXPECT_EQ(name_of("%PDF-1.7\n"), "PDF");
}

TEST(Identify, NamesTheFormatThatIsNotReadable) {
  const auto dwf = identify(bytes_of("(DWF V06.00)PK\x03\x04"));
  ASSERT_FALSE(dwf);
  EXPECT_EQ(dwf.error().code, ErrorCode::unsupported_format);
  EXPECT_NE(dwf.error().message.find("DWF"), std::string::npos);
  EXPECT_NE(dwf.error().message.find("save it as DXF"), std::string::npos);
  const auto text = identify(bytes_of("hello"));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::not_a_drawing);
  EXPECT_EQ(identify({}).error().code, ErrorCode::not_a_drawing);
}

TEST(Identify, RefusesReleasesOfDwgBeforeR13) {
  for (const std::string& head :
       {"AC1009\0\0\0\0\0\0\0"s, "AC1.50\0\0\0\0\0\0\0"s, "AC1099\0\0\0\0\0\0\0"s}) {
    const auto old = identify(bytes_of(head));
    ASSERT_FALSE(old) << head;
    EXPECT_EQ(old.error().code, ErrorCode::unsupported_version);
    EXPECT_NE(old.error().message.find(head.substr(0, 6)), std::string::npos);
    EXPECT_NE(old.error().message.find("save it as DWG 2000 or DXF"), std::string::npos);
  }
}

TEST(Identify, RefusesDwgWithAPassword) {
  std::string head = "AC1018"s + std::string(0x7a, '\0');
  EXPECT_TRUE(identify(bytes_of(head)));
  head[0x18] = 1;
  const auto locked = identify(bytes_of(head));
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().code, ErrorCode::encrypted_drawing);
  EXPECT_NE(locked.error().message.find("password"), std::string::npos);
}

TEST(Registry, RowsAreComplete) {
  std::set<std::string_view> names;
  for (const Format& format : formats()) {
    EXPECT_TRUE(names.insert(format.name).second) << format.name;
    EXPECT_NE(format.sniff, nullptr);
    EXPECT_EQ(format.read == nullptr, !format.unreadable_because.empty()) << format.name;
    EXPECT_EQ(format.read != nullptr, !format.versions.empty()) << format.name;
    EXPECT_FALSE(format.mime.empty());
  }
}

TEST(ReadDrawing, HoldsToTheInputLimit) {
  Limits limits;
  limits.max_input_bytes = 10;
  Diagnostics diagnostics;
  const auto drawing = read_drawing(bytes_of("0\nSECTION\n2\nENTITIES\n"), {limits, diagnostics});
  ASSERT_FALSE(drawing);
  EXPECT_EQ(drawing.error().code, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace cad
