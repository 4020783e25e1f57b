// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2004_section_map.hpp"

#include <algorithm>

namespace cad::dwg {
namespace {

constexpr std::size_t kHeadBytes = 0x14;
constexpr std::size_t kEntryBytes = 0x60;
constexpr std::size_t kNameAt = 0x20;
constexpr std::size_t kPageBytes = 0x10;
constexpr std::uint32_t kCompressed = 2;

std::string_view name_at(Bytes entry) {
  const std::string_view field(reinterpret_cast<const char*>(entry.data()) + kNameAt,
                               kEntryBytes - kNameAt);
  return field.substr(0, field.find('\0'));
}

SectionPage parse_page(Bytes data) {
  return {load<std::int32_t>(data, 0), u32(data, 4), u64(data, 8)};
}

}  // namespace

SectionMap parse_section_map(Bytes data) {
  SectionMap map;
  const std::uint32_t announced = u32(data, 0);
  std::size_t at = kHeadBytes;
  while (map.entries.size() < announced) {
    const Bytes fields = slice(data, at, kEntryBytes);
    if (fields.size() < kEntryBytes) return map;
    at += kEntryBytes;
    SectionEntry& entry = map.entries.emplace_back();
    entry.size = u64(fields, 0);
    const std::uint32_t page_count = u32(fields, 8);
    entry.page_size = u32(fields, 0x0C);
    entry.compressed = u32(fields, 0x14) == kCompressed;
    entry.number = u32(fields, 0x18);
    entry.name = name_at(fields);

    const std::size_t pages_there =
        std::min<std::size_t>(page_count, (data.size() - at) / kPageBytes);
    entry.pages.reserve(pages_there);
    for (std::size_t i = 0; i < pages_there; ++i, at += kPageBytes)
      entry.pages.push_back(parse_page(data.subspan(at, kPageBytes)));
    if (pages_there < page_count) return map;
  }
  map.whole = data.size() >= kHeadBytes;
  return map;
}

}  // namespace cad::dwg
