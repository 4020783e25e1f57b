// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/preview.hpp"

#include <cstring>

#include "formats/dwg/section_frame.hpp"

namespace cad::dwg {
namespace {

constexpr Sentinel kPreviewSentinel{0x1F, 0x25, 0x6D, 0x07, 0xD4, 0x36, 0x28, 0x28,
                                    0x9D, 0x57, 0xCA, 0x3F, 0x9D, 0x44, 0x10, 0x2B};
constexpr std::size_t kDirectory = 21;  // behind sentinel, size and count
constexpr std::size_t kEntryBytes = 9;  // code, begin, size

}  // namespace

std::optional<PreviewImage> embedded_preview(Bytes file, const FileHead& head,
                                             const Sections& sections) {
  Bytes section = sections[SectionId::preview];
  if (head.version < Version::r2004 && head.preview_address < file.size())
    section = file.subspan(head.preview_address);
  if (section.size() < kDirectory ||
      std::memcmp(section.data(), kPreviewSentinel.data(), kPreviewSentinel.size()) != 0)
    return {};
  const std::size_t entries = u8(section, kDirectory - 1);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = kDirectory + i * kEntryBytes;
    if (at + kEntryBytes > section.size()) return {};
    const std::uint8_t code = u8(section, at);
    const bool is_image = code == 2 || code == 3 || code == 6;
    // Places count from the address in the file header, also where the section is compressed.
    const std::uint32_t begin = u32(section, at + 1), size = u32(section, at + 5);
    if (!is_image || size == 0 || begin < head.preview_address) continue;
    const Bytes data = slice(section, begin - head.preview_address, size);
    if (data.size() == size) return PreviewImage{static_cast<PreviewImage::Kind>(code), data};
  }
  return {};
}

}  // namespace cad::dwg
