// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/object_map.hpp"

#include <gtest/gtest.h>

#include "formats/dwg/crc16.hpp"
#include "formats/dwg/object_scan.hpp"

namespace cad::dwg {
namespace {

std::vector<std::byte> bytes_of(std::initializer_list<unsigned> values) {
  std::vector<std::byte> bytes;
  for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

// A chunk with its size and checksum, big-endian both.
void append_chunk(std::vector<std::byte>& map, std::vector<std::byte> pairs) {
  const std::size_t begin = map.size(), size = pairs.size() + 2;
  map.push_back(static_cast<std::byte>(size >> 8));
  map.push_back(static_cast<std::byte>(size & 0xff));
  map.insert(map.end(), pairs.begin(), pairs.end());
  const std::uint16_t crc = crc16(kCrcSeed, Bytes(map).subspan(begin, size));
  map.push_back(static_cast<std::byte>(crc >> 8));
  map.push_back(static_cast<std::byte>(crc & 0xff));
}

TEST(ObjectMap, RunningValuesStartAgainInEveryChunk) {
  std::vector<std::byte> map;
  append_chunk(map, bytes_of({5, 10, 1, 20, 2, 0x41}));  // 0x41: minus one
  append_chunk(map, bytes_of({7, 3}));
  append_chunk(map, {});
  Diagnostics diagnostics;
  const ObjectMap read = read_object_map(map, 100, diagnostics);
  ASSERT_EQ(read.places.size(), 4u);
  EXPECT_EQ(read.places[0].handle, 5u);
  EXPECT_EQ(read.places[0].offset, 10u);
  EXPECT_EQ(read.places[1].handle, 6u);
  EXPECT_EQ(read.places[1].offset, 30u);
  EXPECT_EQ(read.places[2].handle, 8u);
  EXPECT_EQ(read.places[2].offset, 29u);
  EXPECT_EQ(read.places[3].handle, 7u);
  EXPECT_EQ(read.places[3].offset, 3u);
  EXPECT_FALSE(read.damaged);
  EXPECT_TRUE(diagnostics.all().empty());
}

TEST(ObjectMap, DamageIsSaidAndTheRestKept) {
  std::vector<std::byte> map;
  append_chunk(map, bytes_of({5, 10, 1, 20}));
  append_chunk(map, {});
  const std::vector<std::byte> whole = map;
  Diagnostics diagnostics;

  std::vector<std::byte> flipped = whole;
  flipped[3] ^= std::byte{1};
  EXPECT_TRUE(read_object_map(flipped, 100, diagnostics).damaged);
  EXPECT_EQ(diagnostics.all()[0].code, "DWG_OBJECT_MAP_CRC");

  const ObjectMap cut = read_object_map(Bytes(whole).first(5), 100, diagnostics);
  EXPECT_TRUE(cut.damaged);
  EXPECT_EQ(cut.places.size(), 1u);

  const ObjectMap outside = read_object_map(whole, 20, diagnostics);
  EXPECT_TRUE(outside.damaged);
  EXPECT_EQ(outside.places.size(), 1u);
}

// One R13 object: size, type 19 as a bitshort, handle; the rest zeros.
std::vector<std::byte> object_with_handle(unsigned handle) {
  // 01 00010011 | 0000 0001 hhhhhhhh
  std::vector<std::byte> object = bytes_of({8, 0});
  const std::uint64_t bits =
      (1ull << 62) | (19ull << 54) | (0x01ull << 46) | (static_cast<std::uint64_t>(handle) << 38);
  for (int i = 0; i < 8; ++i) object.push_back(static_cast<std::byte>(bits >> (56 - 8 * i) & 0xff));
  const std::uint16_t crc = crc16(kCrcSeed, object);
  object.push_back(static_cast<std::byte>(crc & 0xff));
  object.push_back(static_cast<std::byte>(crc >> 8));
  return object;
}

TEST(ObjectScan, FindsWholeObjectsBetweenRubbish) {
  std::vector<std::byte> section = bytes_of({1, 2, 3, 4, 5, 6, 7});
  for (const unsigned handle : {0x21u, 0x22u}) {
    const auto object = object_with_handle(handle);
    section.insert(section.end(), object.begin(), object.end());
    section.push_back(std::byte{0xEE});
  }
  auto broken = object_with_handle(0x23);
  broken[6] ^= std::byte{4};
  section.insert(section.end(), broken.begin(), broken.end());
  section.resize(section.size() + 20);
  const auto found = scan_objects(section, Version::r14);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].handle, 0x21u);
  EXPECT_EQ(found[0].offset, 7u);
  EXPECT_EQ(found[1].handle, 0x22u);
}

}  // namespace
}  // namespace cad::dwg
