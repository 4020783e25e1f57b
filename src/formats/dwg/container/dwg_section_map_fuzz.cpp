// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of R2004's container. What does not look like one is cut into a page map, a
// section map and data pages, which are put into a file with right checksums: only so do wrong
// numbers get far.
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/container/r2004_section_map.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/testing/container_writer_r2004.hpp"

namespace {

using namespace cad;
using namespace cad::dwg;
using Buffer = std::vector<std::byte>;

void open(Bytes file) {
  Limits limits;
  limits.max_decompressed_bytes = 1u << 20;
  Diagnostics diagnostics(20);
  const FileHead head{.version = Version::r2018, .security_flags = u32(file, 0x18) & 2};
  const auto sections = open_r2004(file, head, {limits, diagnostics});
  if (!sections) return;
  std::size_t owned = 0;
  for (unsigned i = 0; i < static_cast<unsigned>(SectionId::count_); ++i) {
    const Bytes section = (*sections)[static_cast<SectionId>(i)];
    const std::less<const std::byte*> before;
    const bool of_file = !section.empty() && !before(section.data(), file.data()) &&
                         before(section.data(), file.data() + file.size());
    if (!of_file) owned += section.size();
    unsigned sum = 0;
    for (const std::byte b : section) sum += std::to_integer<unsigned>(b);
    if (sum == 0xFFFFFFFF) std::abort();  // all of it can be read
  }
  if (owned > limits.max_decompressed_bytes) std::abort();
}

struct Cut {
  Bytes left;
  Bytes take(std::size_t size) {
    const Bytes part = slice(left, 0, size);
    left = left.subspan(part.size());
    return part;
  }
  std::uint8_t byte() { return u8(take(1), 0); }
  std::uint16_t word() { return u16(take(2), 0); }
};

template <class T>
void put_at(Buffer& to, std::size_t at, T value) {
  std::memcpy(to.data() + at, &value, sizeof value);
}

void put_header(Buffer& file, std::uint64_t page_map) {
  Buffer header(kR2004HeaderBytes);
  std::memcpy(header.data(), "AcFssFcAJMB", 12);
  put_at(header, 0x54, page_map - kR2004PagesAt);
  put_at(header, 0x5C, std::uint32_t{1});
  put_at(header, 0x68, libdeflate_crc32(0, header.data(), header.size()));
  std::ranges::transform(header, r2004_key(),
                         file.begin() + static_cast<std::ptrdiff_t>(kR2004HeaderAt),
                         std::bit_xor{});
}

// The section map is page 1, in front; the input says which pages follow.
Buffer build(Cut cut) {
  const std::uint8_t losses = cut.byte();
  Buffer section_map(4), page_map(8);
  const std::size_t sections_size = cut.word(), pages_size = cut.word();
  const Bytes sections = cut.take(sections_size), pages = cut.take(pages_size);
  section_map.insert(section_map.end(), sections.begin(), sections.end());
  put_at(section_map, 0, std::uint32_t{cut.byte()});
  Buffer file(kR2004PagesAt);
  testing::append_system_page(file, kSectionMapTag, section_map);
  if ((losses & 2) != 0) file[kR2004PagesAt + 0x10] ^= std::byte{1};  // its checksum
  put_at(page_map, 0, std::uint32_t{1});
  put_at(page_map, 4, static_cast<std::uint32_t>((file.size() - kR2004PagesAt + 31) / 32 * 32));
  page_map.insert(page_map.end(), pages.begin(), pages.end());
  while (!cut.left.empty()) {
    const std::uint32_t section = cut.byte() % 12;
    const std::uint64_t start = std::uint64_t{cut.word()} << cut.byte() % 48;
    testing::append_data_page(file, section, start, cut.take(cut.word()));
  }
  const auto at = testing::append_system_page(file, kPageMapTag, page_map);
  if ((losses & 1) == 0) put_header(file, at);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  if (version_of(bytes)) {
    open(bytes);
    return 0;
  }
  PageMap pages = parse_page_map(bytes);
  if (pages.size() > size / 8) std::abort();
  std::size_t listed = 0;
  for (const SectionEntry& entry : parse_section_map(bytes).entries)
    listed += entry.pages.size() + 6;
  if (listed > size / 16) std::abort();
  open(build({bytes}));
  return 0;
}
