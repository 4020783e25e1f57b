// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2007_header.hpp"

#include <vector>

#include "formats/dwg/container/crc64.hpp"
#include "formats/dwg/container/lz77_r2007.hpp"

namespace cad::dwg::r2007 {
namespace {

constexpr std::size_t kDataAt = 0x20;  // behind CRC, key, CRC of the data, size, unused

using Record = std::vector<std::byte>;

// The copy that starts at `at`; empty when there is none.
Record record_at(Bytes decoded, std::size_t at) {
  const auto size = load<std::int32_t>(decoded, at + 0x18);
  Record record;
  if (size < 0) {  // not compressed
    const Bytes data = slice(decoded, at + kDataAt, kHeaderRecord);
    record.assign(data.begin(), data.end());
  } else {
    const Bytes data = slice(decoded, at + kDataAt, static_cast<std::uint64_t>(size));
    decompress_r2007(data, kHeaderRecord, record);
  }
  if (record.size() != kHeaderRecord) record.clear();
  return record;
}

std::optional<Header> checked_header(Bytes decoded) {
  for (std::size_t at = 0; at + kDataAt < decoded.size();
       at += 8)  // copies start on multiples of 8
    if (const Record record = record_at(decoded, at); !record.empty() && header_crc_right(record))
      return parse_header(record);
  return {};
}

}  // namespace

Header parse_header(Bytes record) {
  Header h;
  std::size_t at = 0;
  const auto next = [&] {
    at += 8;
    return u64(record, at - 8);
  };
  next();  // size of the part up to PagesMaxId, 0x70
  h.file_size = next();
  h.page_map.crc_compressed = next();
  h.page_map.copies = next();
  next();  // the page map's CRC seed, encoded
  h.page_map2_at = next();
  next();  // its page number
  h.page_map_at = next();
  next();  // its page number
  next();  // address of the second file header
  h.page_map.compressed = next();
  h.page_map.uncompressed = next();
  next();  // count of pages
  next();  // highest page number
  next();  // 0x20
  next();  // 0x40
  h.page_map.crc_uncompressed = next();
  next();  // 0xF800
  next();  // 4
  next();  // 1
  next();  // count of sections, and one more
  h.section_map.crc_uncompressed = next();
  h.section_map.compressed = next();
  h.section_map2_page = next();
  h.section_map_page = next();
  h.section_map.uncompressed = next();
  h.section_map.crc_compressed = next();
  h.section_map.copies = next();
  next();  // the section map's CRC seed, encoded
  next();  // version of the stream, 0x60100
  h.crc_seed = next();
  next();  // the same, encoded
  h.random_seed = next();
  return h;
}

bool header_crc_right(Bytes record) {
  if (record.size() != kHeaderRecord) return false;
  std::vector<std::byte> zeroed(record.begin(), record.end());
  std::fill(zeroed.end() - 8, zeroed.end(), std::byte{0});
  return crc64_normal(crc64_seed2(0, kHeaderRecord), zeroed) == u64(record, kHeaderRecord - 8);
}

std::optional<FoundHeader> read_header_page(Bytes page) {
  if (page.size() < kHeaderPage) return {};
  constexpr rs::Code kCode = rs::Code::system_page;
  std::vector<std::byte> decoded(kHeaderWords * rs::data_bytes(kCode));
  rs::gather(kCode, page, kHeaderWords, decoded);
  if (const auto header = checked_header(decoded)) return FoundHeader{*header, true, {}};
  const rs::Repair repair = rs::gather_corrected(kCode, page, kHeaderWords, decoded);
  if (const auto header = checked_header(decoded)) return FoundHeader{*header, true, repair};
  const Record record = record_at(decoded, 0);
  if (record.empty()) return {};
  return FoundHeader{parse_header(record), false, repair};
}

}  // namespace cad::dwg::r2007
