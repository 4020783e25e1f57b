// SPDX-License-Identifier: Apache-2.0
// The data pages of R2007 (ODA 5.4), and sections put together from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/budget.hpp"
#include "formats/dwg/container/crc64.hpp"
#include "formats/dwg/container/r2007_maps.hpp"
#include "formats/dwg/container/reed_solomon.hpp"

namespace cad::dwg::r2007 {

// What a page holds, still compressed.
struct Payload {
  Bytes bytes;             // in the file itself or in `scratch`; what is missing is missing here
  bool crc_right = false;  // so that every byte is as it was written
  rs::Repair repair;       // only where the CRC was wrong
};

// `page`: what the file has of it. `scratch` is kept from page to page.
Payload read_payload(Bytes page, const SectionPage& form, bool interleaved, std::uint64_t crc_seed,
                     const Padding& padding, std::vector<std::byte>& scratch);

class SectionReader {
 public:
  SectionReader(Bytes file, PageMap pages, std::uint64_t crc_seed, std::uint64_t random_seed,
                Budget& budget, Diagnostics& diagnostics)
      : file_(file),
        pages_(std::move(pages)),
        crc_seed_(crc_seed),
        padding_(padding_of(random_seed)),
        budget_(budget),
        diagnostics_(diagnostics) {}

  // Pages that cannot be read are zeros, so that the others keep their places.
  std::vector<std::byte> read(SectionEntry entry);

 private:
  void reserve(const SectionEntry& entry);
  bool append(const SectionEntry& entry, const SectionPage& page);
  void unpack(const Payload& payload, const SectionPage& page);
  bool fill_to(std::uint64_t end);
  void warn(std::string_view code, std::string_view message, const SectionPage* page);

  Bytes file_;
  PageMap pages_;
  std::uint64_t crc_seed_;
  Padding padding_;
  Budget& budget_;
  Diagnostics& diagnostics_;
  std::uint64_t zeros_ = 0;
  std::vector<std::byte> scratch_;
  std::vector<std::byte> data_;
  std::string_view name_;
};

}  // namespace cad::dwg::r2007
