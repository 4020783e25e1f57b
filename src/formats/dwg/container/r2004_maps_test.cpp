// SPDX-License-Identifier: Apache-2.0
// The stages before the sections: header, system pages, page map, section map, data page headers.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <initializer_list>

#include "formats/dwg/container/page_checksum.hpp"
#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/container/r2004_section_map.hpp"
#include "formats/dwg/testing/container_writer_r2004.hpp"

namespace cad::dwg {
namespace {

using Buffer = std::vector<std::byte>;

Buffer words(std::initializer_list<std::uint32_t> values) {
  Buffer bytes(4 * values.size());
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

TEST(PageChecksum, IsAdlerFromZero) {
  const auto abc = std::as_bytes(std::span("abc", 3));
  EXPECT_EQ(page_checksum(0, {}), 0u);
  EXPECT_EQ(page_checksum(7, {}), 7u);
  // sums 97, 195, 294 and 97, 292, 586
  EXPECT_EQ(page_checksum(0, abc), 586u << 16 | 294u);
  EXPECT_EQ(page_checksum(page_checksum(0, abc.first(1)), abc.subspan(1)), 586u << 16 | 294u);
}

TEST(R2004Key, IsThatOfTheSpecification) {
  constexpr std::array kBegins{0x29, 0x23, 0xBE, 0x84, 0xE1, 0x6C, 0xD6, 0xAE,
                               0x52, 0x90, 0x49, 0xF1, 0xF1, 0xBB, 0xE9, 0xEB};
  const auto key = r2004_key();
  for (std::size_t i = 0; i < kBegins.size(); ++i)
    EXPECT_EQ(std::to_integer<int>(key[i]), kBegins[i]);
}

TEST(R2004Header, IsReadFromBothPlaces) {
  const Buffer file = testing::write_r2004(Version::r2010, {});
  const auto header = read_r2004_header(file, kR2004HeaderAt);
  ASSERT_TRUE(header);
  EXPECT_TRUE(header->checksum_right);
  EXPECT_EQ(u32(file, header->page_map_address), kPageMapTag);
  const auto copy = read_r2004_header(file, header->second_address);
  ASSERT_TRUE(copy);
  EXPECT_TRUE(copy->checksum_right);
  EXPECT_EQ(copy->page_map_address, header->page_map_address);
  EXPECT_FALSE(read_r2004_header(file, kR2004HeaderAt + 1));
  EXPECT_FALSE(read_r2004_header(file, header->second_address + 4));  // too short
}

TEST(R2004Header, FindsItsCopyBehindRubbish) {
  Buffer file = testing::write_r2004(Version::r2010, {});
  const auto header = read_r2004_header(file, kR2004HeaderAt);
  ASSERT_TRUE(header);
  // A later one with a wrong checksum is passed over.
  Buffer wrong(file.end() - kR2004HeaderBytes, file.end());
  wrong[0x50] ^= std::byte{1};
  file.resize(file.size() + 77);
  file.insert(file.end(), wrong.begin(), wrong.end());
  const auto copy = find_r2004_header_copy(file);
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->page_map_address, header->page_map_address);
  // The one in front is no copy.
  EXPECT_FALSE(find_r2004_header_copy(Bytes(file).first(header->second_address)));
}

TEST(R2004SystemPage, IsUnpackedAndChecked) {
  Buffer file;
  const Buffer data = words({1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6});
  file.resize(5);
  const auto at = testing::append_system_page(file, kPageMapTag, data);
  Budget budget(1'000);
  const auto page = read_system_page(file, at, kPageMapTag, budget);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->whole && page->checksum_right);
  EXPECT_EQ(page->data, data);
  EXPECT_EQ(budget.left(), 1'000 - data.size());
  EXPECT_FALSE(read_system_page(file, at, kSectionMapTag, budget));
  EXPECT_FALSE(read_system_page(file, ~std::uint64_t{0}, kPageMapTag, budget));

  Budget small(10);
  EXPECT_FALSE(read_system_page(file, at, kPageMapTag, small)->whole);
  EXPECT_EQ(small.left(), 0u);
  Buffer changed = file;
  changed[at + 0x0C] ^= std::byte{1};  // the kind of compression, which only the checksum sees
  EXPECT_FALSE(read_system_page(changed, at, kPageMapTag, budget)->checksum_right);
  const auto cut = read_system_page(Bytes(file).first(file.size() - 4), at, kPageMapTag, budget);
  EXPECT_FALSE(cut->whole || cut->checksum_right);
}

TEST(R2004SystemPage, DoesNotBelieveItsSize) {
  Buffer file;
  const auto at = testing::append_system_page(file, kPageMapTag, Buffer(64));
  const std::uint32_t huge = 0xFFFFFFF0;
  std::memcpy(file.data() + at + 4, &huge, 4);
  std::memcpy(file.data() + at + 8, &huge, 4);
  Budget budget(1u << 30);
  const auto page = read_system_page(file, at, kPageMapTag, budget);
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->whole);
  EXPECT_EQ(page->data.size(), 64u);
  EXPECT_LE(page->data.capacity(), file.size() * 256);
}

TEST(R2004PageMap, AddsSizesUpAndPassesGaps) {
  PageMap map = parse_page_map(words({1, 0x40, static_cast<std::uint32_t>(-1), 0x60, 9, 9, 9, 0, 3,
                                      0x20, 2, 0xFFFFFFE0, 4, 8, 7}));
  EXPECT_EQ(map.size(), 4u);
  ASSERT_NE(map.find(1), nullptr);
  EXPECT_EQ(map.find(1)->address, 0x100u);
  EXPECT_EQ(map.find(1)->size, 0x40u);
  EXPECT_EQ(map.find(3)->address, 0x1A0u);
  EXPECT_EQ(map.find(2)->address, 0x1C0u);
  EXPECT_EQ(map.find(4)->address, 0x1'0000'01A0u);
  EXPECT_EQ(map.find(-1), nullptr);
  EXPECT_EQ(map.find(5), nullptr);
}

TEST(R2004PageMap, FindsTheFirstOfTwoEqualNumbers) {
  PageMap map = parse_page_map(words({1, 0x40, 1, 0x60, 0, 0x20}));
  EXPECT_EQ(map.find(1)->size, 0x40u);
  EXPECT_EQ(map.find(0), nullptr);
}

Buffer section_map(std::uint32_t sections, std::uint32_t pages) {
  Buffer data = words({sections, 2, 0x7400, 0, sections});
  const Buffer fields = words({0x1234, 1, pages, 0x7400, 1, 2, 5, 0});
  data.insert(data.end(), fields.begin(), fields.end());
  const std::string_view name("AcDb:Header");
  data.resize(data.size() + 64);
  std::memcpy(data.data() + data.size() - 64, name.data(), name.size());
  const Buffer page = words({7, 0x99, 0x7400, 2});
  data.insert(data.end(), page.begin(), page.end());
  return data;
}

TEST(R2004SectionMap, IsRead) {
  const Buffer data = section_map(1, 1);
  const SectionMap map = parse_section_map(data);
  EXPECT_TRUE(map.whole);
  ASSERT_EQ(map.entries.size(), 1u);
  const SectionEntry& entry = map.entries[0];
  EXPECT_EQ(entry.name, "AcDb:Header");
  EXPECT_EQ(entry.size, 0x1'0000'1234u);
  EXPECT_EQ(entry.page_size, 0x7400u);
  EXPECT_TRUE(entry.compressed);
  EXPECT_EQ(entry.number, 5u);
  ASSERT_EQ(entry.pages.size(), 1u);
  EXPECT_EQ(entry.pages[0].number, 7);
  EXPECT_EQ(entry.pages[0].data_size, 0x99u);
  EXPECT_EQ(entry.pages[0].start, 0x2'0000'7400u);
}

TEST(R2004SectionMap, DoesNotBelieveItsCounts) {
  const SectionMap many_pages = parse_section_map(section_map(1, 0xFFFFFFFF));
  EXPECT_FALSE(many_pages.whole);
  EXPECT_EQ(many_pages.entries.at(0).pages.size(), 1u);
  const SectionMap many_sections = parse_section_map(section_map(0xFFFFFFFF, 1));
  EXPECT_FALSE(many_sections.whole);
  EXPECT_EQ(many_sections.entries.size(), 1u);
  EXPECT_FALSE(parse_section_map({}).whole);
}

TEST(R2004DataPage, HeaderIsDecrypted) {
  Buffer file(0x123);
  const Buffer payload(0x55, std::byte{3});
  const auto at = testing::append_data_page(file, 9, 0x3'0000'7400, payload);
  EXPECT_EQ(at, 0x140u);
  const DataPageHeader header = read_data_page_header(file, at);
  EXPECT_EQ(header.tag, kDataPageTag);
  EXPECT_EQ(header.section, 9u);
  EXPECT_EQ(header.data_size, 0x55u);
  EXPECT_EQ(header.start, 0x3'0000'7400u);
  EXPECT_TRUE(header.checksum_right);
  EXPECT_EQ(header.data_checksum, page_checksum(0, payload));
  for (std::size_t i = 0; i < kDataPageHeaderBytes; ++i) {
    Buffer damaged = file;
    damaged[at + i] ^= std::byte{0x10};
    EXPECT_FALSE(read_data_page_header(damaged, at).checksum_right) << i;
  }
}

}  // namespace
}  // namespace cad::dwg
