// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2007_header.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "formats/dwg/container/crc64.hpp"
#include "formats/dwg/testing/container_writer_r2007.hpp"

namespace cad::dwg::r2007 {
namespace {

using Buffer = std::vector<std::byte>;

// Field n holds n.
Buffer numbered_record() {
  Buffer record(kHeaderRecord);
  for (std::size_t i = 0; i < record.size(); i += 8) record[i] = static_cast<std::byte>(i / 8);
  return record;
}

Buffer header_page() {
  const auto file = testing::write_r2007({{SectionId::header, Buffer(100, std::byte{1})}});
  const Bytes page = slice(file, kHeaderAt, kHeaderPage);
  return {page.begin(), page.end()};
}

TEST(R2007Header, FieldsStandInTheOrderOfTheSpecification) {
  const Header h = parse_header(numbered_record());
  EXPECT_EQ(h.file_size, 0x08u / 8);
  EXPECT_EQ(h.page_map.crc_compressed, 0x10u / 8);
  EXPECT_EQ(h.page_map.copies, 0x18u / 8);
  EXPECT_EQ(h.page_map2_at, 0x28u / 8);
  EXPECT_EQ(h.page_map_at, 0x38u / 8);
  EXPECT_EQ(h.page_map.compressed, 0x50u / 8);
  EXPECT_EQ(h.page_map.uncompressed, 0x58u / 8);
  EXPECT_EQ(h.page_map.crc_uncompressed, 0x80u / 8);
  EXPECT_EQ(h.section_map.crc_uncompressed, 0xA8u / 8);
  EXPECT_EQ(h.section_map.compressed, 0xB0u / 8);
  EXPECT_EQ(h.section_map2_page, 0xB8u / 8);
  EXPECT_EQ(h.section_map_page, 0xC0u / 8);
  EXPECT_EQ(h.section_map.uncompressed, 0xC8u / 8);
  EXPECT_EQ(h.section_map.crc_compressed, 0xD0u / 8);
  EXPECT_EQ(h.section_map.copies, 0xD8u / 8);
  EXPECT_EQ(h.crc_seed, 0xF0u / 8);
  EXPECT_EQ(h.random_seed, 0x100u / 8);
}

TEST(R2007Header, TheCrcGoesOverTheRecordWithoutItself) {
  Buffer record = numbered_record();
  EXPECT_FALSE(header_crc_right(record));
  std::fill(record.end() - 8, record.end(), std::byte{0});
  const std::uint64_t crc = crc64_normal(crc64_seed2(0, record.size()), record);
  std::memcpy(record.data() + record.size() - 8, &crc, 8);
  EXPECT_TRUE(header_crc_right(record));
  record[8] ^= std::byte{1};
  EXPECT_FALSE(header_crc_right(record));
  EXPECT_FALSE(header_crc_right(Bytes(record).first(record.size() - 8)));
}

TEST(R2007Header, AnyWholeCopyOfTheRecordServes) {
  const auto whole = read_header_page(header_page());
  ASSERT_TRUE(whole && whole->crc_right);
  // The first word holds the first copy and no other; 9 wrong bytes cannot be mended.
  for (const std::size_t wrong : {1u, 8u, 9u, 100u}) {
    Buffer page = header_page();
    for (std::size_t j = 0; j < wrong; ++j) page[(2 * j + 30) * kHeaderWords] ^= std::byte{0x5A};
    const auto found = read_header_page(page);
    ASSERT_TRUE(found) << wrong;
    EXPECT_TRUE(found->crc_right) << wrong;
    EXPECT_EQ(found->header.random_seed, whole->header.random_seed) << wrong;
  }
}

TEST(R2007Header, NoHeaderIsMadeOfOtherBytes) {
  EXPECT_FALSE(read_header_page({}));
  EXPECT_FALSE(read_header_page(Buffer(kHeaderPage)));
  EXPECT_FALSE(read_header_page(Buffer(kHeaderPage, std::byte{0x31})));
  EXPECT_FALSE(read_header_page(Bytes(header_page()).first(kHeaderPage - 1)));
}

}  // namespace
}  // namespace cad::dwg::r2007
