// SPDX-License-Identifier: Apache-2.0
// The two maps of R2007 (ODA 5.2, 5.3): where each page stands in the file, and which pages a
// section is made of. Each is one system page, and has a second page with the same content.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/budget.hpp"
#include "formats/dwg/container/r2007_header.hpp"
#include "formats/dwg/container/reed_solomon.hpp"
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg::r2007 {

struct FoundMap {
  std::vector<std::byte> bytes;
  std::size_t page = 0;  // which of the two it came from
  bool crc_right = false;
  rs::Repair repair;
};

// The first whole copy in one of two pages, at these addresses from kPagesAt. None when neither
// page unpacks to the size that the header says.
std::optional<FoundMap> read_map(Bytes file, const MapForm& form, std::uint64_t crc_seed,
                                 std::array<std::uint64_t, 2> pages, Budget& budget);

struct PagePlace {
  std::uint64_t number = 0;
  std::uint64_t at = 0;  // from kPagesAt
  std::uint64_t size = 0;
  bool used = false;  // a page belongs to one section only
};

class PageMap {
 public:
  explicit PageMap(Bytes map);
  PagePlace* find(std::uint64_t number);
  bool whole() const { return whole_; }
  std::span<const PagePlace> places() const { return places_; }

 private:
  std::vector<PagePlace> places_;  // by number
  bool whole_ = true;
};

struct SectionPage {
  std::uint64_t start = 0;  // in the section
  std::uint64_t number = 0;
  std::uint64_t uncompressed = 0, compressed = 0;
  std::uint64_t checksum = 0;  // of the decompressed bytes
  std::uint64_t crc = 0;       // of the compressed bytes
};

struct SectionEntry {
  SectionId id = SectionId::count_;
  std::uint64_t size = 0;
  bool encrypted = false;
  bool interleaved = false;
  std::vector<SectionPage> pages;
};

struct SectionMap {
  std::vector<SectionEntry> sections;  // the known ones, each once
  bool whole = true;                   // false: the map ends inside an entry
};

SectionMap parse_section_map(Bytes map);

}  // namespace cad::dwg::r2007
