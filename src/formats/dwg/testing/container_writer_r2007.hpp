// SPDX-License-Identifier: Apache-2.0
// Writes R2007 files (ODA 5) for tests: sections compressed, in pages with error correction, under
// maps and a header with right checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg::testing {

std::vector<std::byte> compress_r2007(Bytes bytes);

// Compressed bytes, whatever they are, as an interleaved data page.
std::vector<std::byte> data_page_r2007(Bytes packed, std::uint64_t random_seed);

// One step before the file: what the maps will say may be changed to what is not true.
struct DraftR2007 {
  struct Page {
    std::uint64_t number = 0;
    std::vector<std::byte> bytes{};  // as they stand in the file
  };
  struct SectionPage {
    std::uint64_t start = 0, number = 0, uncompressed = 0, compressed = 0, checksum = 0, crc = 0;
  };
  struct Section {
    SectionId id = SectionId::count_;
    std::uint64_t size = 0, encryption = 0, encoding = 4;
    std::vector<SectionPage> pages{};
  };
  std::vector<Page> pages;
  std::vector<Section> sections;
  std::uint64_t crc_seed = 0, random_seed = 0;
};

DraftR2007 draft_r2007(const std::map<SectionId, std::vector<std::byte>>& sections,
                       std::uint64_t crc_seed = 0, std::uint64_t random_seed = 0x0123456789ABCDEF);
std::vector<std::byte> section_map_of(const DraftR2007& draft);

// Where things are in the file that is written.
struct FileR2007 {
  std::vector<std::byte> bytes;
  std::size_t page_map = 0, page_map2 = 0, section_map = 0, section_map2 = 0;
  std::size_t map_page_bytes = 0, section_map_page_bytes = 0;
  std::map<std::uint64_t, std::size_t> pages;  // address by number
};

// `section_map`: section_map_of(draft), or anything.
FileR2007 write_r2007(const DraftR2007& draft, Bytes section_map);

std::vector<std::byte> write_r2007(const std::map<SectionId, std::vector<std::byte>>& sections);

}  // namespace cad::dwg::testing
