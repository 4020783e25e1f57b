// SPDX-License-Identifier: Apache-2.0
// The file header of R2007 (ODA 5.2): a page of 0x400 bytes at 0x80, repeated at the end of the
// file. Inside, error-corrected, stand copies of one compressed record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/reed_solomon.hpp"

namespace cad::dwg::r2007 {

inline constexpr std::size_t kHeaderAt = 0x80;
inline constexpr std::size_t kHeaderPage = 0x400;
inline constexpr std::size_t kHeaderRecord = 0x110;
inline constexpr std::size_t kHeaderWords = 3;
// Where the pages start: addresses count from here.
inline constexpr std::size_t kPagesAt = kHeaderAt + kHeaderPage;

// How a map is stored in its page.
struct MapForm {
  std::uint64_t compressed = 0, uncompressed = 0;
  std::uint64_t copies = 0;  // of the data in the page, one after the other
  std::uint64_t crc_compressed = 0, crc_uncompressed = 0;
};

struct Header {
  std::uint64_t file_size = 0;
  MapForm page_map, section_map;
  std::uint64_t page_map_at = 0, page_map2_at = 0;            // from kPagesAt
  std::uint64_t section_map_page = 0, section_map2_page = 0;  // numbers of pages
  std::uint64_t crc_seed = 0, random_seed = 0;
};

// `record`: kHeaderRecord bytes.
Header parse_header(Bytes record);
// Whether the record agrees with the CRC at its end.
bool header_crc_right(Bytes record);

struct FoundHeader {
  Header header;
  bool crc_right = false;
  rs::Repair repair;  // what was put right to find it
};

// `page`: kHeaderPage bytes. None when there is no record in it.
std::optional<FoundHeader> read_header_page(Bytes page);

}  // namespace cad::dwg::r2007
