// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "json/pretty.hpp"

namespace cad::json {
namespace {

std::string text(std::string_view value) {
  Writer w;
  w.text(value);
  return std::string(w.view());
}

std::string number(double value) {
  Writer w;
  w.number(value);
  return std::string(w.view());
}

std::string rounded(double value) {
  Writer w;
  w.rounded(value);
  return std::string(w.view());
}

class Collector : public PartSink {
 public:
  std::string result;
  bool refuse = false;
  std::size_t calls = 0;
  Result<void> write(PartKind, std::uint32_t, std::span<const std::byte> bytes) override {
    ++calls;
    if (refuse) return fail(ErrorCode::io, "The disk is full.");
    result.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
};

TEST(WriterText, PlainAsciiStaysAsItIs) {
  EXPECT_EQ(text("WALL-01 (new)"), "\"WALL-01 (new)\"");
  EXPECT_EQ(text(""), "\"\"");
}

TEST(WriterText, EscapesWhatJsonForbids) {
  EXPECT_EQ(text("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(text("a\nb\tc\rd"), R"("a\nb\tc\rd")");
  EXPECT_EQ(text(std::string("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(text("\x7f"), "\"\x7f\"");
}

TEST(WriterText, EscapesAtEveryPlaceOfAWord) {
  for (std::size_t length = 1; length < 20; ++length)
    for (std::size_t at = 0; at < length; ++at) {
      std::string in(length, 'x'), out(length, 'x');
      in[at] = '"';
      out.replace(at, 1, "\\\"");
      EXPECT_EQ(text(in), "\"" + out + "\"");
    }
}

TEST(WriterText, KeepsWellFormedUtf8) {
  EXPECT_EQ(text("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "\"\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80\"");
  EXPECT_EQ(text("\xEE\x80\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF"),
            "\"\xEE\x80\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF\"");
}

TEST(WriterText, ReplacesWhatIsNotUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(text("a\x80z"), "\"a" + bad + "z\"");                  // stray continuation
  EXPECT_EQ(text("\xC3"), "\"" + bad + "\"");                      // cut off
  EXPECT_EQ(text("\xE2\x82z"), "\"" + bad + "z\"");                // one for the maximal piece
  EXPECT_EQ(text("\xC0\xAF"), "\"" + bad + bad + "\"");            // overlong
  EXPECT_EQ(text("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"");  // lone surrogate
  EXPECT_EQ(text("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"");  // above U+10FFFF
  EXPECT_EQ(text("\xFF\"\xFE"), "\"" + bad + "\\\"" + bad + "\"");
}

TEST(WriterNumber, IntegersAndShortDecimals) {
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(-0.0), "0");
  EXPECT_EQ(number(1), "1");
  EXPECT_EQ(number(-12), "-12");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(-0.000000001), "-0.000000001");
  EXPECT_EQ(number(123456.789012345), "123456.789012345");
  EXPECT_EQ(number(1e6), "1000000");
  EXPECT_EQ(number(4500000.25), "4500000.25");
  EXPECT_EQ(number(999999999999999), "999999999999999");
}

TEST(WriterNumber, NotFiniteIsNull) {
  EXPECT_EQ(number(NAN), "null");
  EXPECT_EQ(number(INFINITY), "null");
  EXPECT_EQ(rounded(-INFINITY), "null");
}

TEST(WriterNumber, AlwaysShortestAndExact) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::uint64_t> bits;
  std::uniform_int_distribution<int> places(0, 12);
  for (int i = 0; i < 200'000; ++i) {
    double value;
    if (i % 2 == 0) {
      const std::uint64_t pattern = bits(random);
      std::memcpy(&value, &pattern, sizeof value);
      if (!std::isfinite(value)) continue;
    } else {
      value = std::round(static_cast<double>(bits(random)) / 1e13) / std::pow(10, places(random));
    }
    const std::string ours = number(value);
    double back = NAN;
    const auto read = std::from_chars(ours.data(), ours.data() + ours.size(), back);
    ASSERT_EQ(read.ptr, ours.data() + ours.size()) << ours;
    ASSERT_EQ(back, value) << ours;
    char fixed[1200];
    const auto shortest = std::to_chars(fixed, std::end(fixed), value, std::chars_format::fixed);
    ASSERT_LE(ours.size(), static_cast<std::size_t>(shortest.ptr - fixed)) << ours;
  }
}

TEST(WriterNumber, RoundsToSixDecimals) {
  EXPECT_EQ(rounded(1.23456789), "1.234568");
  EXPECT_EQ(rounded(-1.5), "-1.5");
  EXPECT_EQ(rounded(-0.0000001), "0");
  EXPECT_EQ(rounded(0.0000005), "0.000001");
  EXPECT_EQ(rounded(999999.9999999), "1000000");
  EXPECT_EQ(rounded(123456789.1234567), "123456789.123457");
  EXPECT_EQ(rounded(1e300), "1e+300");
}

TEST(Writer, CommasAndNesting) {
  Writer w;
  w.begin_object();
  w.key("a");
  w.begin_array();
  w.integer(-9223372036854775807 - 1);
  w.boolean(true);
  w.null();
  w.hex(0x1F0A);
  w.begin_object();
  w.end_object();
  w.end_array();
  w.field("b", 0.5);
  w.key_text("c\"");
  w.text("d");
  w.end_object();
  EXPECT_EQ(w.view(), R"({"a":[-9223372036854775808,true,null,"1F0A",{}],"b":0.5,"c\"":"d"})");
}

TEST(Writer, DrainsToTheSinkAndCountsOffsets) {
  Collector sink;
  Writer w(sink, PartKind::result);
  w.begin_array();
  std::string expected = "[";
  for (int i = 0; i < 100'000; ++i) {
    w.settle_comma();
    if (i != 0) expected += ',';
    ASSERT_EQ(w.offset(), expected.size());
    w.text("row \"x\"");
    expected += R"("row \"x\"")";
  }
  w.end_array();
  ASSERT_TRUE(w.finish());
  EXPECT_EQ(sink.result, expected + "]");
  EXPECT_GT(sink.calls, 2u);
}

TEST(Writer, OneStringMayBeLargerThanTheBuffer) {
  Collector sink;
  Writer w(sink, PartKind::result);
  const std::string large(3'000'000, '\x01');
  w.text(large);
  ASSERT_TRUE(w.finish());
  EXPECT_EQ(sink.result.size(), large.size() * 6 + 2);
}

TEST(Writer, TheFirstErrorOfTheSinkIsKept) {
  Collector sink;
  sink.refuse = true;
  Writer w(sink, PartKind::result);
  for (int i = 0; i < 200'000; ++i) w.text("something");
  EXPECT_TRUE(w.failed());
  const auto finished = w.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::io);
  EXPECT_EQ(sink.calls, 1u);
}

TEST(PrettySink, IndentsAndLeavesStringsAlone) {
  Collector sink;
  PrettySink pretty(sink);
  const std::string_view in = R"({"a":[1,{"b":"x,{}[]:\"\\"}],"c":[],"d":{}})";
  for (const char c : in)  // pieces may end anywhere
    ASSERT_TRUE(pretty.write(PartKind::result, 0, std::as_bytes(std::span(&c, 1))));
  EXPECT_EQ(sink.result,
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x,{}[]:\\\"\\\\\"\n    }\n  ],\n"
            "  \"c\": [],\n  \"d\": {}\n}");
}

}  // namespace
}  // namespace cad::json
