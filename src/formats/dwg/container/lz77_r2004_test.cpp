// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/lz77_r2004.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace cad::dwg {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (const int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

struct Read {
  std::string text;
  Unpacked unpacked;
};

Read unpack(const std::vector<std::byte>& in, std::size_t room = 4096) {
  std::vector<std::byte> out(room);
  Read read;
  read.unpacked = unpack_r2004(in, out);
  EXPECT_LE(read.unpacked.produced, room);
  EXPECT_LE(read.unpacked.consumed, in.size());
  read.text.assign(reinterpret_cast<const char*>(out.data()), read.unpacked.produced);
  return read;
}

TEST(Lz77R2004, ReadsLiteralsOfAShortCount) {
  const Read read = unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x11, 0, 0}));
  EXPECT_EQ(read.text, "abcd");
  EXPECT_TRUE(read.unpacked.whole);
  EXPECT_EQ(read.unpacked.consumed, 6u);
}

TEST(Lz77R2004, ReadsLiteralsOfALongCount) {
  auto in = bytes({0x00, 0x00, 0x02});  // 0x0F + 0xFF + 2 + 3
  in.insert(in.end(), 275, std::byte{'x'});
  in.push_back(std::byte{0x11});
  const Read read = unpack(in);
  EXPECT_EQ(read.text, std::string(275, 'x'));
  EXPECT_TRUE(read.unpacked.whole);
}

TEST(Lz77R2004, ReadsAFirstByteThatIsARun) {
  EXPECT_EQ(unpack(bytes({0x13, 'h', 'i', 0x11})).text, "hi");
}

// 0x40 to 0xFF: count in the high nibble, distance in two bits and a byte, literals in two bits.
TEST(Lz77R2004, RepeatsByTheOneByteOpcodes) {
  EXPECT_EQ(unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x4C, 0x00, 0x11})).text, "abcdabc");
  EXPECT_EQ(unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0xF2, 0x00, 'Y', 'Z', 0x11})).text,
            "abcd" + std::string(14, 'd') + "YZ");
  // No literals in the opcode: a literal count follows.
  EXPECT_EQ(
      unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x48, 0x00, 0x01, '1', '2', '3', '4', 0x11})).text,
      "abcdbcd1234");
}

// 0x21 to 0x3F and the long form 0x20: count first, then distance and literals in two bytes.
TEST(Lz77R2004, RepeatsByTheTwoByteOpcodes) {
  EXPECT_EQ(unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x22, 0x0D, 0x00, '!', 0x11})).text,
            "abcdabcd!");
  EXPECT_EQ(unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x20, 0x03, 0x04, 0x00, 0x11})).text,
            "abcd" + std::string("cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd").substr(0, 36));
}

// 0x10 and 0x12 to 0x1F: distances from 0x4000, bit 3 adds another 0x4000.
TEST(Lz77R2004, RepeatsFromFarBack) {
  auto in = bytes({0x01, 'a', 'b', 'c', 'd', 0x20, 0x00});
  // 'd' 0x21 + 0xFF * n + 1 times, so that 'a' is beyond 0x8000 back
  in.insert(in.end(), 130, std::byte{0x00});
  for (const int b : {0x01, 0x00, 0x00}) in.push_back(static_cast<std::byte>(b));
  const std::size_t produced = 4 + 131 * 255 + 1 + 33;
  const auto far = [&](int opcode, std::size_t base) {
    std::vector<std::byte> more = in;
    const std::size_t field = produced - base;  // all the way back to 'a'
    more.push_back(static_cast<std::byte>(opcode));
    more.push_back(static_cast<std::byte>((field & 0x3F) << 2));
    more.push_back(static_cast<std::byte>(field >> 6));
    more.push_back(std::byte{0x11});
    return unpack(more, 1u << 17);
  };
  const Read read = far(0x1A, 0x8000);  // 2 + 2 bytes, bit 3 set
  EXPECT_TRUE(read.unpacked.whole);
  EXPECT_EQ(read.text.size(), produced + 4);
  EXPECT_EQ(read.text.substr(produced), "abcd");
  EXPECT_EQ(far(0x12, 0x8000).text.substr(produced), "dddd");  // without the bit, 0x4000 less
}

TEST(Lz77R2004, RepeatsEveryPeriodAndCount) {
  for (std::size_t period = 1; period <= 40; ++period) {
    for (std::size_t count = 3; count <= 33; ++count) {
      std::string expected;
      std::vector<std::byte> in = bytes({0x00, 0x16});  // 40 literals
      for (std::size_t i = 0; i < 40; ++i) {
        expected.push_back(static_cast<char>('A' + i));
        in.push_back(static_cast<std::byte>('A' + i));
      }
      in.push_back(static_cast<std::byte>(0x20 + count - 2));
      in.push_back(static_cast<std::byte>((period - 1) << 2 | 1));
      in.push_back(std::byte{0});
      in.push_back(std::byte{'.'});
      in.push_back(std::byte{0x11});
      for (std::size_t i = 0; i < count; ++i)
        expected.push_back(expected[expected.size() - period]);
      expected.push_back('.');
      // With room to spare (copies in words) and without (byte by byte).
      for (const std::size_t room : {expected.size(), expected.size() + 7, std::size_t{4096}}) {
        const Read read = unpack(in, room);
        ASSERT_EQ(read.text, expected) << period << ' ' << count << ' ' << room;
        ASSERT_TRUE(read.unpacked.whole);
      }
    }
  }
}

TEST(Lz77R2004, StopsWhereTheOutputIsFull) {
  const auto in = bytes({0x01, 'a', 'b', 'c', 'd', 0xF0, 0x00, 0x11});
  for (std::size_t room = 0; room <= 17; ++room) {
    const Read read = unpack(in, room);
    EXPECT_FALSE(read.unpacked.whole);
    EXPECT_EQ(read.text, ("abcd" + std::string(14, 'd')).substr(0, room));
  }
  EXPECT_TRUE(unpack(in, 18).unpacked.whole);
}

TEST(Lz77R2004, StopsWhereTheInputEnds) {
  const auto in = bytes({0x01, 'a', 'b', 'c', 'd', 0x22, 0x0D, 0x00, '!', 0x11});
  for (std::size_t size = 0; size < in.size(); ++size) {
    const Read read = unpack({in.begin(), in.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_FALSE(read.unpacked.whole);
    EXPECT_EQ(read.text, std::string("abcdabcd!").substr(0, read.text.size()));
  }
}

TEST(Lz77R2004, RefusesWhatPointsBeforeTheStart) {
  const Read read = unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x40, 0x01, 0x11}));  // 5 back
  EXPECT_EQ(read.text, "abcd");
  EXPECT_FALSE(read.unpacked.whole);
  EXPECT_FALSE(unpack(bytes({0x10, 0x01, 0x00, 0x00, 0x11})).unpacked.whole);
}

TEST(Lz77R2004, RefusesAnOpcodeThatIsNone) {
  // Literals right after literals.
  EXPECT_FALSE(unpack(bytes({0x01, 'a', 'b', 'c', 'd', 0x01, 'e'})).unpacked.whole);
  EXPECT_FALSE(unpack({}).unpacked.whole);
}

}  // namespace
}  // namespace cad::dwg
