// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2007_maps.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

#include "formats/dwg/testing/container_writer_r2007.hpp"

namespace cad::dwg::r2007 {
namespace {

using Buffer = std::vector<std::byte>;

Buffer words(std::initializer_list<std::int64_t> values) {
  Buffer bytes;
  for (const std::int64_t value : values) {
    const auto raw = std::as_bytes(std::span(&value, 1));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  }
  return bytes;
}

TEST(R2007PageMap, PagesFollowEachOther) {
  PageMap map(words({0x600, 39, 0x200, -38, 0xA0, 3, 0x100, 4}));
  EXPECT_TRUE(map.whole());
  ASSERT_TRUE(map.find(39) && map.find(3) && map.find(4));
  EXPECT_EQ(map.find(39)->at, 0u);
  EXPECT_EQ(map.find(3)->at, 0x800u);
  EXPECT_EQ(map.find(3)->size, 0xA0u);
  EXPECT_EQ(map.find(4)->at, 0x8A0u);
  EXPECT_FALSE(map.find(38));  // free
  EXPECT_FALSE(map.find(0));
  EXPECT_FALSE(map.find(5));
}

TEST(R2007PageMap, EndsWhereASizeIsImpossible) {
  PageMap map(words({0x100, 1, -5, 2, 0x100, 3}));
  EXPECT_FALSE(map.whole());
  EXPECT_TRUE(map.find(1));
  EXPECT_FALSE(map.find(3));
  PageMap huge(words({0x100, 1, std::int64_t{1} << 50, 2, 0x100, 3}));
  EXPECT_FALSE(huge.whole());
  EXPECT_FALSE(huge.find(3));
}

TEST(R2007SectionMap, KeepsTheKnownSections) {
  testing::DraftR2007 draft;
  draft.sections.push_back({.id = SectionId::classes,
                            .size = 900,
                            .encryption = 1,
                            .encoding = 4,
                            .pages = {{.start = 0,
                                       .number = 7,
                                       .uncompressed = 800,
                                       .compressed = 700,
                                       .checksum = 5,
                                       .crc = 6},
                                      {.start = 800, .number = 8}}});
  draft.sections.push_back({.id = SectionId::count_, .size = 1, .pages = {{.number = 9}}});
  draft.sections.push_back({.id = SectionId::preview, .size = 2, .encryption = 2, .encoding = 1});
  draft.sections.push_back({.id = SectionId::preview, .size = 3});
  const SectionMap map = parse_section_map(testing::section_map_of(draft));
  EXPECT_TRUE(map.whole);
  ASSERT_EQ(map.sections.size(), 2u);
  const SectionEntry& classes = map.sections[0];
  EXPECT_EQ(classes.id, SectionId::classes);
  EXPECT_EQ(classes.size, 900u);
  EXPECT_TRUE(classes.encrypted);
  EXPECT_TRUE(classes.interleaved);
  ASSERT_EQ(classes.pages.size(), 2u);
  EXPECT_EQ(classes.pages[0].number, 7u);
  EXPECT_EQ(classes.pages[0].uncompressed, 800u);
  EXPECT_EQ(classes.pages[0].compressed, 700u);
  EXPECT_EQ(classes.pages[0].checksum, 5u);
  EXPECT_EQ(classes.pages[0].crc, 6u);
  EXPECT_EQ(classes.pages[1].start, 800u);
  const SectionEntry& preview = map.sections[1];
  EXPECT_EQ(preview.id, SectionId::preview);
  EXPECT_EQ(preview.size, 2u);  // the first of the two
  EXPECT_FALSE(preview.encrypted);
  EXPECT_FALSE(preview.interleaved);
}

TEST(R2007Map, FormsThatCannotBeAreRefused) {
  const Buffer file(100'000, std::byte{7});
  Budget budget(1u << 20);
  for (const MapForm& form :
       {MapForm{}, MapForm{.compressed = ~0ull, .uncompressed = 5, .copies = 1},
        MapForm{.compressed = 8, .uncompressed = 8, .copies = ~0ull},
        MapForm{.compressed = 8, .uncompressed = 8, .copies = 0},
        MapForm{.compressed = 15u << 20, .uncompressed = 8, .copies = 1}})
    EXPECT_FALSE(read_map(file, form, 0, {0, 0x400}, budget));
  const MapForm fits{.compressed = 8, .uncompressed = 8, .copies = 1};
  EXPECT_FALSE(read_map(file, fits, 0, {~0ull, 99'900}, budget));
  const auto doubtful = read_map(file, fits, 0, {~0ull, 0}, budget);
  ASSERT_TRUE(doubtful);
  EXPECT_FALSE(doubtful->crc_right);
  EXPECT_EQ(doubtful->page, 1u);
}

}  // namespace
}  // namespace cad::dwg::r2007
