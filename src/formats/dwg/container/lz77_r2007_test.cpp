// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/lz77_r2007.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace cad::dwg {
namespace {

struct Unpacked {
  bool whole = false;
  std::string text;
};

Unpacked unpack(std::string_view packed, std::size_t at_most = 1 << 20) {
  std::vector<std::byte> out(3, std::byte{'-'});  // what is there already stays
  const bool whole = decompress_r2007(std::as_bytes(std::span(packed)), at_most, out);
  std::string text(reinterpret_cast<const char*>(out.data()), out.size());
  EXPECT_EQ(text.substr(0, 3), "---");
  return {whole, text.substr(3)};
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// A literal of 8 and more is announced by an opcode, of less by the low bits before it.
std::string literal(std::size_t length) {
  const std::string head = length < 8    ? bytes({0x20, 0, 0, static_cast<int>(length)})
                           : length < 23 ? bytes({static_cast<int>(length - 8)})
                                         : bytes({0x0F, static_cast<int>(length - 23)});
  return head + std::string(kLetters.substr(0, length));
}

TEST(Lz77R2007, LiteralsAreShuffledByTheirLength) {
  EXPECT_EQ(unpack(literal(1)).text, "a");
  EXPECT_EQ(unpack(literal(2)).text, "ba");
  EXPECT_EQ(unpack(literal(3)).text, "cba");
  EXPECT_EQ(unpack(literal(4)).text, "abcd");
  EXPECT_EQ(unpack(literal(5)).text, "eabcd");
  EXPECT_EQ(unpack(literal(6)).text, "fbcdea");
  EXPECT_EQ(unpack(literal(7)).text, "gfbcdea");
  EXPECT_EQ(unpack(literal(8)).text, "abcdefgh");
  EXPECT_EQ(unpack(literal(11)).text, "kjbcdefghia");
  EXPECT_EQ(unpack(literal(16)).text, "ijklmnopabcdefgh");
  EXPECT_EQ(unpack(literal(17)).text, "jklmnopqiabcdefgh");
  EXPECT_EQ(unpack(literal(18)).text, "rjklmnopqbcdefghia");
  EXPECT_EQ(unpack(literal(19)).text, "srqijklmnopabcdefgh");
  EXPECT_EQ(unpack(literal(25)).text, "rstuvwxyqijklmnopabcdefgh");
  EXPECT_EQ(unpack(literal(31)).text, "EABCDstuvwxyzklmnopqrcdefghijba");
  EXPECT_EQ(unpack(literal(32)).text, "yzABCDEFqrstuvwxijklmnopabcdefgh");
  EXPECT_EQ(unpack(literal(34)).text, "yzABCDEFqrstuvwxijklmnopabcdefghHG");
}

TEST(Lz77R2007, EveryLengthOfLiteralIsAPermutation) {
  for (std::size_t length = 1; length <= kLetters.size(); ++length) {
    const Unpacked got = unpack(literal(length));
    EXPECT_TRUE(got.whole) << length;
    std::string sorted = got.text, expected(kLetters.substr(0, length));
    std::sort(sorted.begin(), sorted.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(sorted, expected) << length;
  }
}

TEST(Lz77R2007, LongLiterals) {
  EXPECT_EQ(unpack(bytes({0x0F, 0xFE}) + std::string(0x17 + 0xFE, 'x')).text.size(), 0x17u + 0xFE);
  EXPECT_EQ(
      unpack(bytes({0x0F, 0xFF, 0x34, 0x12}) + std::string(0x17 + 0xFF + 0x1234, 'x')).text.size(),
      0x17u + 0xFF + 0x1234);
  const std::size_t huge = 0x17 + 0xFF + 0xFFFF + 2;
  EXPECT_EQ(unpack(bytes({0x0F, 0xFF, 0xFF, 0xFF, 2, 0}) + std::string(huge, 'x')).text.size(),
            huge);
}

TEST(Lz77R2007, EveryFormOfCopy) {
  const std::string start = bytes({0}) + "abcdefgh";
  EXPECT_EQ(unpack(start + bytes({0x42, 0x00})).text, "abcdefghfghf");          // 4 bytes, 3 back
  EXPECT_EQ(unpack(start + bytes({0x13, 0x07, 0x00})).text, "abcdefghabcdef");  // 6 bytes, 8 back
  EXPECT_EQ(unpack(start + bytes({0x00, 0x00, 0x80})).text, "abcdefgh" + std::string(0x23, 'h'));
  EXPECT_EQ(unpack(start + bytes({0x22, 0x08, 0x00, 0x08})).text, "abcdefghabcdefghab");
  EXPECT_EQ(unpack(start + bytes({0x28, 0x00, 0x00, 0x01, 0x08})).text,
            "abcdefgh" + std::string(0x908, 'h'));
}

TEST(Lz77R2007, ACopyMayBeFollowedByALiteralOrAnotherCopy) {
  const std::string start = bytes({0}) + "abcdefgh";
  // The low bits announce a literal of 2.
  EXPECT_EQ(unpack(start + bytes({0x40, 0x02}) + "xy").text, "abcdefghhhhhyx");
  // High nibble 0 announces a literal of 8 and more.
  EXPECT_EQ(unpack(start + bytes({0x40, 0x00, 0x00}) + "ABCDEFGH").text, "abcdefghhhhhABCDEFGH");
  // High nibble 15 is the copy that has 0 elsewhere.
  EXPECT_EQ(unpack(start + bytes({0x40, 0x00, 0xF1, 0x07, 0x00})).text,
            "abcdefghhhhhefghhhhhefghhhhhefgh");
}

TEST(Lz77R2007, OverlappingCopiesRepeatTheirPattern) {
  const std::string base(kLetters.substr(0, 32));
  const std::string start = bytes({0x0F, 9}) + base;
  const std::string first = unpack(start).text;
  for (std::size_t distance = 1; distance <= 32; ++distance) {
    for (const std::size_t length : {3u, 14u, 17u, 18u}) {
      std::string expected = first;
      for (std::size_t i = 0; i < length; ++i) expected += expected[expected.size() - distance];
      const auto packed =
          start + bytes({0x10 + static_cast<int>(length) - 3, static_cast<int>(distance) - 1, 0});
      EXPECT_EQ(unpack(packed).text, expected) << distance << ' ' << length;
    }
  }
}

TEST(Lz77R2007, FaultsGiveWhatCameBefore) {
  const std::string start = bytes({0}) + "abcdefgh";
  for (const std::string& fault : {bytes({0x48, 0x00}),              // 9 back of 8
                                   bytes({0x20, 0x00, 0x00, 0x08}),  // 0 back
                                   bytes({0x40}),                    // ends in a copy
                                   bytes({0x28, 0x00}), bytes({0x40, 0x05}) + "xy"}) {
    const Unpacked got = unpack(start + fault);
    EXPECT_FALSE(got.whole);
    EXPECT_EQ(got.text.substr(0, 8), "abcdefgh");
    EXPECT_LE(got.text.size(), 12u);
  }
  EXPECT_FALSE(unpack(bytes({0x0F, 0xFF, 0xFF, 0xFF})).whole);
  EXPECT_FALSE(unpack(bytes({0x08})).whole);
  EXPECT_TRUE(unpack("").whole);
}

TEST(Lz77R2007, NeverMoreThanAskedFor) {
  const std::string packed = bytes({0}) + "abcdefgh" + bytes({0x28, 0x00, 0x00, 0x01, 0x08});
  EXPECT_EQ(unpack(packed, 8 + 0x908).whole, true);
  EXPECT_EQ(unpack(packed, 8 + 0x907).whole, false);
  EXPECT_EQ(unpack(packed, 8 + 0x907).text.size(), 8u + 0x907);
  EXPECT_EQ(unpack(packed, 100).text, "abcdefgh" + std::string(92, 'h'));
  EXPECT_EQ(unpack(packed, 7).text, "");
  EXPECT_EQ(unpack(packed, 0).text, "");
}

}  // namespace
}  // namespace cad::dwg
