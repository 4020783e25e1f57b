// SPDX-License-Identifier: Apache-2.0
// The pages of an R2004 file and the map that says where they are (ODA 4.2 to 4.4, 4.6).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/budget.hpp"

namespace cad::dwg {

inline constexpr std::uint32_t kPageMapTag = 0x41630E3B;
inline constexpr std::uint32_t kSectionMapTag = 0x4163003B;
inline constexpr std::uint32_t kDataPageTag = 0x4163043B;
inline constexpr std::size_t kPageAlignment = 0x20;

// A page map or section map, unpacked.
struct SystemPage {
  std::vector<std::byte> data;
  bool checksum_right = false;
  bool whole = false;  // unpacked to its end, to the size it names
};

// None when there is no page with this tag at `at`.
std::optional<SystemPage> read_system_page(Bytes file, std::uint64_t at, std::uint32_t tag,
                                           Budget& budget);

struct PagePlace {
  std::int32_t number = 0;
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // in the file, its header included
  bool used = false;       // each page belongs to one section, once
};

class PageMap {
 public:
  explicit PageMap(std::vector<PagePlace> places);
  PagePlace* find(std::int32_t number);  // null when there is none
  std::size_t size() const { return places_.size(); }
  std::vector<std::uint64_t> addresses() const;  // ascending

 private:
  std::vector<PagePlace> places_;  // by number
};

// Pages follow each other from 0x100 on; gaps between them are left out.
PageMap parse_page_map(Bytes data);

inline constexpr std::size_t kDataPageHeaderBytes = 0x20;

struct DataPageHeader {
  std::uint32_t tag = 0;
  std::uint32_t section = 0;    // number of the section, as in the section map
  std::uint32_t data_size = 0;  // bytes that follow the header
  std::uint64_t start = 0;      // in the section
  std::uint32_t data_checksum = 0;
  bool checksum_right = false;  // the header's own
};

// The header at `at`, decrypted: all of it is XORed with a word that depends on `at`.
DataPageHeader read_data_page_header(Bytes file, std::uint64_t at);

}  // namespace cad::dwg
