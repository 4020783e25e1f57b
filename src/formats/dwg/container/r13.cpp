// SPDX-License-Identifier: Apache-2.0
// R13 to 2000: plain sections, found by the locator records of the file header (ODA 3.2.6).
#include <array>

#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/crc16.hpp"

namespace cad::dwg {
namespace {

constexpr std::size_t kLocators = 0x15;     // count, then the records
constexpr std::size_t kRecordBytes = 9;     // number, seeker, size
constexpr std::uint32_t kMostRecords = 64;  // real files have 3 to 6

// What the CRC of the file header is XORed with, by count of records.
std::uint16_t magic_of(std::uint32_t records) {
  switch (records) {
    case 3: return 0xA598;
    case 4: return 0x8101;
    case 5: return 0x3CC4;
    case 6: return 0x8461;
    default: return 0;
  }
}

void check_header_crc(Bytes file, std::uint32_t records, Diagnostics& diagnostics) {
  const std::size_t end = kLocators + 4 + records * kRecordBytes;
  if (records < 3 || records > 6 || end + 2 > file.size()) return;
  if (crc16(0, file.first(end)) == (u16(file, end) ^ magic_of(records))) return;
  diagnostics.warn("DWG_HEADER_CRC", "DWG",
                   "The checksum of the file header is wrong; the file may be damaged.");
}

SectionId section_of(std::uint8_t record) {
  constexpr std::array kOrder{SectionId::header, SectionId::classes, SectionId::object_map,
                              SectionId::count_, SectionId::measurement};
  return record < kOrder.size() ? kOrder[record] : SectionId::count_;
}

}  // namespace

Result<Sections> open_r13(Bytes file, const FileHead&, const ContainerContext& context) {
  const std::uint32_t records = u32(file, kLocators);
  if (records > kMostRecords)
    return fail(ErrorCode::damaged_drawing,
                "The DWG file header is damaged: it says where " + std::to_string(records) +
                    " sections are, real files have at most six. Open the drawing in its program "
                    "with RECOVER and save it again.");
  check_header_crc(file, records, context.diagnostics);
  Sections sections;
  for (std::uint32_t i = 0; i < records; ++i) {
    const std::size_t at = kLocators + 4 + i * kRecordBytes;
    const SectionId id = section_of(u8(file, at));
    if (id == SectionId::count_) continue;
    const std::uint32_t begin = u32(file, at + 1), size = u32(file, at + 5);
    const Bytes bytes = slice(file, begin, size);
    if (bytes.size() < size)
      context.diagnostics.warn("DWG_SECTION_TRUNCATED", name_of(id),
                               "A section reaches beyond the end of the file; its end is missing.");
    sections.set_view(id, bytes);
  }
  sections.set_view(SectionId::objects, file);
  return sections;
}

}  // namespace cad::dwg
