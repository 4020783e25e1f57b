// SPDX-License-Identifier: Apache-2.0
// The container of R2007. The first byte says what the others are: a whole file; changes to a file
// that is right; a section map and pages under a header that is right; one stage's bytes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "formats/dwg/container/r2007_header.hpp"
#include "formats/dwg/container/r2007_maps.hpp"
#include "formats/dwg/container/r2007_pages.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/testing/container_writer_r2007.hpp"

namespace {

using namespace cad;
using namespace cad::dwg;
using Buffer = std::vector<std::byte>;

void open(Bytes file) {
  Limits limits;
  limits.max_decompressed_bytes = 1u << 20;
  Diagnostics diagnostics(20);
  const auto sections = open_r2007(file, {.version = Version::r2007}, {limits, diagnostics});
  if (!sections) {
    if (sections.error().message.empty()) std::abort();
    return;
  }
  std::size_t total = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(SectionId::count_); ++i) {
    const Bytes bytes = (*sections)[static_cast<SectionId>(i)];
    total += bytes.size();
    static_cast<void>(page_checksum_r2007(bytes));  // every byte is there
  }
  if (total > limits.max_decompressed_bytes) std::abort();
}

// An address in three bytes and what to change there.
void changed(Bytes changes) {
  static const Buffer kWhole =
      testing::write_r2007({{SectionId::header, Buffer(900, std::byte{'h'})},
                            {SectionId::objects, Buffer(70'000, std::byte{'o'})},
                            {SectionId::preview, Buffer(300, std::byte{'p'})}});
  Buffer file = kWhole;
  for (; changes.size() >= 4; changes = changes.subspan(4))
    file[(u32(changes, 0) & 0xFFFFFF) % file.size()] ^= changes[3];
  open(file);
  if (!changes.empty()) open(Bytes(file).first(file.size() * u8(changes, 0) / 256));
}

void under_a_right_header(Bytes bytes) {
  testing::DraftR2007 draft;
  const std::size_t map = u16(bytes, 0);
  for (std::size_t at = 2 + map; at < bytes.size() && draft.pages.size() < 16;) {
    const Bytes page = slice(bytes, at + 2, u16(bytes, at));
    const bool encoded = draft.pages.size() % 2 == 0;
    draft.pages.push_back(
        {draft.pages.size() + 1, encoded ? testing::data_page_r2007(page, draft.random_seed)
                                         : Buffer(page.begin(), page.end())});
    at += 2 + page.size();
  }
  auto file = testing::write_r2007(draft, slice(bytes, 2, map));
  open(file.bytes);
  file.bytes.resize(file.section_map);
  open(file.bytes);
}

void stages(Bytes bytes) {
  static_cast<void>(r2007::read_header_page(bytes));
  r2007::PageMap pages(bytes);
  for (std::uint64_t number = 0; number < 20; ++number) static_cast<void>(pages.find(number));
  std::size_t listed = 0;
  for (const auto& section : r2007::parse_section_map(bytes).sections)
    listed += section.pages.size();
  if (listed * 56 > bytes.size()) std::abort();
  Buffer scratch;
  const r2007::SectionPage form{.compressed = u16(bytes, 0), .crc = u64(bytes, 8)};
  for (const bool interleaved : {true, false}) {
    const auto payload = r2007::read_payload(slice(bytes, 2, bytes.size()), form, interleaved, 0,
                                             padding_of(1), scratch);
    if (payload.bytes.size() > bytes.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  const Bytes rest = slice(bytes, 1, size);
  switch (u8(bytes, 0) % 4) {
    case 0: open(rest); break;
    case 1: changed(rest); break;
    case 2: under_a_right_header(rest); break;
    default: stages(rest); break;
  }
  return 0;
}
