// SPDX-License-Identifier: Apache-2.0
// The bits of the specification's own examples (ODA chapter 2) where it has some, bits put together
// by hand elsewhere; the writer only for going through many values and positions.
#include "formats/dwg/bit_cursor.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "formats/dwg/testing/bit_writer.hpp"

namespace cad::dwg {
namespace {

using testing::BitWriter;

// Zeros and ones; anything between them is for the eye.
BitWriter bits(std::string_view digits) {
  BitWriter out;
  for (const char c : digits)
    if (c == '0' || c == '1') out.b(c == '1');
  return out;
}

BitCursor cursor(const BitWriter& written) { return {written.bytes(), 0, written.position()}; }

TEST(BitCursor, BitShortsOfTheSpecification) {
  const BitWriter data = bits("00 00000001 00000001 10 11 01 00001111 10");
  BitCursor in = cursor(data);
  for (const int expected : {257, 0, 256, 15, 0}) EXPECT_EQ(in.bs(), expected);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.bits_left(), 0u);
}

TEST(BitCursor, NegativeBitShortsHaveTheLongForm) {
  const BitWriter data = bits("00 11111111 11111111  01 11111111  00 00000000 10000000");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.bs(), -1);
  EXPECT_EQ(in.bs(), 255);
  EXPECT_EQ(in.bs(), -32768);
  BitCursor same = cursor(data);
  EXPECT_EQ(same.ubs(), 65535);
}

TEST(BitCursor, BitLongsOfTheSpecification) {
  const BitWriter data = bits("00 00000001 00000001 00000000 00000000 10 01 00001111 10");
  BitCursor in = cursor(data);
  for (const int expected : {257, 0, 15, 0}) EXPECT_EQ(in.bl(), expected);
  EXPECT_TRUE(in.ok());
  const BitWriter negative = bits("00 11111111 11111111 11111111 11111111");
  EXPECT_EQ(cursor(negative).bl(), -1);
  EXPECT_EQ(cursor(negative).ubl(), 0xffffffffu);
}

TEST(BitCursor, UnusedFormsAreDamage) {
  const BitWriter data = bits("11 00000000 00000000 00000000 00000000");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.bl(), 0);
  EXPECT_FALSE(in.ok());
  BitCursor real = cursor(data);
  EXPECT_EQ(real.bd(), 0);
  EXPECT_FALSE(real.ok());
}

// The specification speaks of one to three bits; files have always three, a length of 0 to 7 bytes.
TEST(BitCursor, BitLongLongs) {
  BitWriter data = bits("000  001 11111111  010 00000001 00000010  111");
  data.raw("\1\2\3\4\5\6\7");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.bll(), 0u);
  EXPECT_EQ(in.bll(), 255u);
  EXPECT_EQ(in.bll(), 0x0201u);
  EXPECT_EQ(in.bll(), 0x07060504030201u);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.bits_left(), 0u);
}

TEST(BitCursor, BitDoubles) {
  // 2.5 is 0x4004000000000000.
  const BitWriter data =
      bits("01  10  00 00000000 00000000 00000000 00000000 00000000 00000000 00000100 01000000");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.bd(), 1);
  EXPECT_EQ(in.bd(), 0);
  EXPECT_EQ(in.bd(), 2.5);
  EXPECT_TRUE(in.ok());
  EXPECT_FALSE(in.bad_number());
}

TEST(BitCursor, DoublesWithDefault) {
  constexpr double kOtherwise = 1.5;  // 0x3ff8000000000000
  const auto patched = [](std::uint64_t value) { return std::bit_cast<double>(value); };
  const BitWriter data = bits(
      "00"
      "01 00010001 00100010 00110011 01000100"
      "10 01010101 01100110 00010001 00100010 00110011 01000100"
      "11 00000000 00000000 00000000 00000000 00000000 00000000"
      "   00000100 01000000");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.dd(kOtherwise), kOtherwise);
  EXPECT_EQ(in.dd(kOtherwise), patched(0x3ff8000044332211));
  // The first two bytes of six are bytes 4 and 5, the other four bytes 0 to 3.
  EXPECT_EQ(in.dd(kOtherwise), patched(0x3ff8665544332211));
  EXPECT_EQ(in.dd(kOtherwise), 2.5);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.bits_left(), 0u);
}

TEST(BitCursor, DoublesThatAreNoNumbersAreRefused) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double bad : {kInfinity, -kInfinity, std::nan(""), 2e300, -2e300}) {
    BitWriter data;
    data.rd(bad).bb(0).rd(bad).bb(3).rd(bad).bd(7);
    BitCursor in = cursor(data);
    EXPECT_EQ(in.rd(), 0);
    EXPECT_EQ(in.bd(), 0);
    EXPECT_EQ(in.dd(5), 0);
    EXPECT_TRUE(in.bad_number());
    EXPECT_TRUE(in.ok());  // the bits behind it are still good
    EXPECT_EQ(in.bd(), 7);
  }
  BitWriter largest;
  largest.rd(-1e300).rd(1000.5);
  BitCursor in = cursor(largest);
  EXPECT_EQ(in.rd(), -1e300);
  EXPECT_FALSE(in.bad_number());
  in.set_max_coordinate(1000);
  EXPECT_EQ(in.rd(), 0);
  EXPECT_TRUE(in.bad_number());
}

TEST(BitCursor, ModularCharsOfTheSpecification) {
  const BitWriter data = bits(
      "10000010 00100100"
      "11101001 10010111 11100110 00110101"
      "10000101 01001011");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.mc(), 4610);
  EXPECT_EQ(in.mc(), 112823273);
  EXPECT_EQ(in.mc(), -1413);
  EXPECT_TRUE(in.ok());
  // Without a sign the same bits are part of the number.
  BitCursor unsigned_in(data.bytes(), 48, 64);
  EXPECT_EQ(unsigned_in.umc(), 5u + (0x4bu << 7));
}

TEST(BitCursor, ModularCharsEnd) {
  BitWriter data;
  for (int i = 0; i < 20; ++i) data.rc(0xff);
  BitCursor in = cursor(data);
  EXPECT_EQ(in.mc(), 0);
  EXPECT_FALSE(in.ok());
  BitCursor without_sign = cursor(data);
  EXPECT_EQ(without_sign.umc(), 0u);
  EXPECT_FALSE(without_sign.ok());
}

TEST(BitCursor, ModularShortsOfTheSpecification) {
  const BitWriter data = bits("00110001 11110100 10001101 00000000  11111111 01111111");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.ms(), 4650033u);
  EXPECT_EQ(in.ms(), 0x7fffu);
  EXPECT_TRUE(in.ok());
  const BitWriter endless = bits("11111111 11111111 11111111 11111111");
  BitCursor bad = cursor(endless);
  bad.ms();
  EXPECT_FALSE(bad.ok());
}

TEST(BitCursor, ThicknessAndExtrusion) {
  const BitWriter old = bits("01  10 10 01");
  BitCursor in = cursor(old);
  EXPECT_EQ(in.thickness(Version::r14), 1);
  EXPECT_EQ(in.extrusion(Version::r14), (Vec3{0, 0, 1}));
  EXPECT_EQ(in.bits_left(), 0u);
  const BitWriter later = bits("1  0 01  1  0 01 10 10");
  in = cursor(later);
  EXPECT_EQ(in.thickness(Version::r2000), 0);
  EXPECT_EQ(in.thickness(Version::r2000), 1);
  EXPECT_EQ(in.extrusion(Version::r2018), (Vec3{0, 0, 1}));
  EXPECT_EQ(in.extrusion(Version::r2018), (Vec3{1, 0, 0}));
  EXPECT_EQ(in.bits_left(), 0u);
  EXPECT_TRUE(in.ok());
}

TEST(BitCursor, ObjectTypes) {
  const BitWriter old = bits("01 00010011  00 11110100 00000001");
  BitCursor in = cursor(old);
  EXPECT_EQ(in.object_type(Version::r2007), 19);
  EXPECT_EQ(in.object_type(Version::r13), 500);
  const BitWriter later =
      bits("00 00010011  01 00000100  10 11110100 00000011  11 00000001 00000000");
  in = cursor(later);
  for (const int expected : {19, 500, 1012, 1}) EXPECT_EQ(in.object_type(Version::r2010), expected);
  EXPECT_EQ(in.bits_left(), 0u);
}

TEST(BitCursor, HandlesOfTheSpecification) {
  const BitWriter data = bits("0101 0001 00001111  01010010 00000101 11100111");
  BitCursor in = cursor(data);
  const HandleRef layer0 = in.h();
  EXPECT_EQ(layer0.code, 5);
  EXPECT_EQ(layer0.value, 0xFu);
  EXPECT_EQ(in.h().value, 0x5E7u);
  EXPECT_TRUE(in.ok());
}

TEST(BitCursor, HandlesCountFromTheObjectsOwn) {
  EXPECT_EQ((HandleRef{4, 0x30}.resolve(0x100)), 0x30u);
  EXPECT_EQ((HandleRef{6, 0}.resolve(0x100)), 0x101u);
  EXPECT_EQ((HandleRef{8, 0}.resolve(0x100)), 0xFFu);
  EXPECT_EQ((HandleRef{10, 0x30}.resolve(0x100)), 0x130u);
  EXPECT_EQ((HandleRef{12, 0x30}.resolve(0x100)), 0xD0u);
  EXPECT_EQ((HandleRef{5, 0}.resolve(0x100)), 0u);
}

TEST(BitCursor, HandlesOfMoreThanEightBytesAreDamage) {
  BitWriter data;
  data.bits(5, 4).bits(8, 4).raw("\1\2\3\4\5\6\7\10").bits(5, 4).bits(9, 4).raw("123456789");
  BitCursor in = cursor(data);
  EXPECT_EQ(in.h().value, 0x0102030405060708u);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.h().value, 0u);
  EXPECT_FALSE(in.ok());
}

TEST(BitCursor, WholeBytesFromAnyBit) {
  for (unsigned shift = 0; shift < 8; ++shift) {
    BitWriter data;
    data.bits(0x55, shift).raw("text");
    BitCursor in = cursor(data);
    in.skip(shift);
    std::array<char, 4> out{};
    in.raw(out.data(), out.size());
    EXPECT_EQ(std::string_view(out.data(), out.size()), "text") << shift;
    EXPECT_TRUE(in.ok());
  }
  BitWriter data;
  data.b(true).raw("ab").bits(3, 2);
  BitCursor in = cursor(data);
  in.b();
  std::string out = "xyz!";
  in.raw(out.data(), out.size());
  EXPECT_EQ(out, std::string("ab\0\0", 4));
  EXPECT_FALSE(in.ok());
}

// Every code in every place of a byte, over many values: what was written is read, nothing is left.
TEST(BitCursor, EveryCodeStraddlesBytes) {
  const std::array<double, 7> reals{0, 1, -0.0, 2.5, -1e-300, 1e300, 0.1};
  const std::array<std::int64_t, 9> whole{0, 1, -1, 15, 255, 256, 257, -32768, 32767};
  for (unsigned shift = 0; shift < 8; ++shift) {
    BitWriter data;
    data.bits(0, shift);
    for (const double v : reals)
      data.rd(v).bd(v).dd(v, 2.5).thickness(v, Version::r2000).thickness(v, Version::r14);
    for (const std::int64_t v : whole) {
      const auto bits64 = static_cast<std::uint64_t>(v);
      data.bs(static_cast<std::int32_t>(v)).bl(v * 65535).mc(v * 123456789).rs(bits64).rl(bits64);
      data.rll(bits64)
          .bll(bits64 >> 8)
          .umc(bits64 >> 1)
          .ms(static_cast<std::uint32_t>(v & 0xfffffff));
      data.h(static_cast<unsigned>(v & 15), bits64);
    }
    BitCursor in = cursor(data);
    in.skip(shift);
    for (const double v : reals) {
      EXPECT_EQ(in.rd(), v);
      EXPECT_EQ(in.bd(), v);
      EXPECT_EQ(in.dd(2.5), v);
      EXPECT_EQ(in.thickness(Version::r2000), v);
      EXPECT_EQ(in.thickness(Version::r14), v);
    }
    for (const std::int64_t v : whole) {
      const auto bits64 = static_cast<std::uint64_t>(v);
      EXPECT_EQ(in.bs(), v);
      EXPECT_EQ(in.bl(), v * 65535);
      EXPECT_EQ(in.mc(), v * 123456789);
      EXPECT_EQ(in.rs(), bits64 & 0xffff);
      EXPECT_EQ(in.rl(), bits64 & 0xffffffff);
      EXPECT_EQ(in.rll(), bits64);
      EXPECT_EQ(in.bll(), bits64 >> 8);
      EXPECT_EQ(in.umc(), bits64 >> 1);
      EXPECT_EQ(in.ms(), bits64 & 0xfffffff);
      const HandleRef ref = in.h();
      EXPECT_EQ(ref.code, v & 15);
      EXPECT_EQ(ref.value, bits64);
    }
    EXPECT_TRUE(in.ok());
    EXPECT_EQ(in.bits_left(), 0u);
  }
}

TEST(BitCursor, UpToFiftySixBitsAtOnce) {
  for (unsigned shift = 0; shift < 8; ++shift) {
    BitWriter data;
    data.bits(0, shift).bits(0xABCDEF01234567, 56);
    BitCursor in = cursor(data);
    in.skip(shift);
    EXPECT_EQ(in.bits(56), 0xABCDEF01234567u);
    EXPECT_EQ(in.bits(0), 0u);
    EXPECT_TRUE(in.ok());
  }
}

// One bit too few for each code: zeros (or the little that was whole), failure, nothing left.
TEST(BitCursor, ReadingPastTheEndGivesZerosAndStaysFailed) {
  using Read = double (*)(BitCursor&);
  struct Code {
    unsigned bits;
    Read read;
  };
  const std::array codes{Code{1, [](BitCursor& in) { return double(in.b()); }},
                         Code{2, [](BitCursor& in) { return double(in.bb()); }},
                         Code{3, [](BitCursor& in) { return double(in.bbb()); }},
                         Code{8, [](BitCursor& in) { return double(in.rc()); }},
                         Code{16, [](BitCursor& in) { return double(in.rs()); }},
                         Code{32, [](BitCursor& in) { return double(in.rl()); }},
                         Code{64, [](BitCursor& in) { return in.rd(); }},
                         Code{2, [](BitCursor& in) { return double(in.bs()); }},
                         Code{2, [](BitCursor& in) { return double(in.bl()); }},
                         Code{2, [](BitCursor& in) { return in.bd(); }},
                         Code{8, [](BitCursor& in) { return double(in.mc()); }},
                         Code{16, [](BitCursor& in) { return double(in.ms()); }},
                         Code{8, [](BitCursor& in) { return double(in.h().value); }}};
  for (const Code& code : codes) {
    BitWriter data;
    data.bits(~std::uint64_t{0}, code.bits - 1);
    BitCursor in = cursor(data);
    EXPECT_EQ(code.read(in), 0) << code.bits;
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.bits_left(), 0u);
    EXPECT_EQ(in.rll(), 0u);
    in.seek(0);
    EXPECT_FALSE(in.ok());
  }
}

TEST(BitCursor, TheEndIsABitNotAByte) {
  const std::array bytes{std::byte{0xff}, std::byte{0xff}};
  BitCursor in(bytes, 3, 9);
  EXPECT_EQ(in.bits_left(), 6u);
  EXPECT_EQ(in.bits(6), 63u);
  EXPECT_TRUE(in.ok());
  EXPECT_FALSE(in.b());
  EXPECT_FALSE(in.ok());
}

TEST(BitCursor, PlacesOutsideAreCut) {
  const std::array bytes{std::byte{1}, std::byte{2}};
  EXPECT_FALSE(BitCursor(bytes, 0, 17).ok());
  EXPECT_EQ(BitCursor(bytes, 0, 17).end(), 16u);
  EXPECT_FALSE(BitCursor(bytes, 9, 8).ok());
  EXPECT_EQ(BitCursor(bytes, 9, 8).bits_left(), 0u);
  EXPECT_TRUE(BitCursor(bytes, 16, 16).ok());

  BitCursor in(bytes);
  in.seek(16);
  EXPECT_TRUE(in.ok());
  in.seek(17);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.position(), 16u);

  BitCursor far(bytes);
  far.rc();
  far.skip(~std::uint64_t{0} - 3);  // would wrap around
  EXPECT_FALSE(far.ok());
  EXPECT_EQ(far.bits_left(), 0u);

  BitCursor shorter(bytes);
  shorter.rc();
  shorter.set_end(100);  // the end only comes nearer
  EXPECT_EQ(shorter.end(), 16u);
  shorter.set_end(4);  // but not before what was read
  EXPECT_EQ(shorter.bits_left(), 0u);
  EXPECT_TRUE(shorter.ok());
}

TEST(BitCursor, CountsAreBelievedOnlyIfTheirItemsFit) {
  const std::array<std::byte, 10> bytes{};
  EXPECT_EQ(BitCursor(bytes).count(10, 8), 10u);
  EXPECT_EQ(BitCursor(bytes).count(80, 1), 80u);
  EXPECT_EQ(BitCursor(bytes).count(80, 0), 80u);  // an item of no bits counts as one
  for (const std::uint64_t claimed :
       {std::uint64_t{11}, ~std::uint64_t{0}, std::uint64_t{1} << 61}) {
    BitCursor in(bytes);
    EXPECT_EQ(in.count(claimed, 8), 0u);
    EXPECT_FALSE(in.ok());
  }
}

TEST(BitCursor, NothingToReadIsNoFailureByItself) {
  BitCursor in;
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.bits_left(), 0u);
  EXPECT_EQ(in.bits(0), 0u);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.rc(), 0);
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace cad::dwg
