// SPDX-License-Identifier: Apache-2.0
// The map of the data sections of an R2004 file (ODA 4.5).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

struct SectionPage {
  std::int32_t number = 0;      // in the page map
  std::uint32_t data_size = 0;  // in the file
  std::uint64_t start = 0;      // in the section
};

struct SectionEntry {
  std::string_view name;  // in the bytes that were parsed
  std::uint64_t size = 0;
  std::uint32_t page_size = 0;  // unpacked
  bool compressed = false;
  std::uint32_t number = 0;
  std::vector<SectionPage> pages;  // pages of nothing but zeros are not among them
};

struct SectionMap {
  std::vector<SectionEntry> entries;
  bool whole = false;  // everything that the counts announce is there
};

SectionMap parse_section_map(Bytes data);

}  // namespace cad::dwg
