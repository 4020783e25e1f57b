// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/section_frame.hpp"

#include <cstring>

#include "formats/dwg/crc16.hpp"

namespace cad::dwg {
namespace {

// From 2007 on the data begins with its size in bits; the string stream ends there, as in objects.
void place_streams(SectionFrame& frame) {
  BitCursor& data = frame.data;
  const std::uint64_t start = data.position();
  const std::uint64_t bits = data.rl();
  const std::uint64_t last = data.end();
  const std::uint64_t end = start + bits;
  if (bits < 33 || end > last) {
    data.fail();
    return;
  }
  frame.handles = BitCursor(data.bytes(), end, last);
  std::uint64_t at = end - 1;
  data.set_end(at);
  if (!BitCursor(data.bytes(), at, end).b()) return;
  const auto size_before = [&]() -> std::uint64_t {
    if (at < data.position() + 16) {
      data.fail();
      return 0;
    }
    at -= 16;
    return BitCursor(data.bytes(), at, at + 16).rs();
  };
  std::uint64_t size = size_before();
  if ((size & 0x8000) != 0) size = (size & 0x7fff) | size_before() << 15;
  if (size > at - data.position()) {
    data.fail();
    return;
  }
  frame.strings = BitCursor(data.bytes(), at - size, at);
  data.set_end(at - size);
}

}  // namespace

std::optional<SectionFrame> open_section_frame(Bytes section, const Sentinel& sentinel,
                                               const FileHead& head, std::string_view name,
                                               Diagnostics& diagnostics) {
  if (section.size() < 24 || std::memcmp(section.data(), sentinel.data(), sentinel.size()) != 0) {
    diagnostics.warn("DWG_SECTION_START", name,
                     "A section does not start as it should; it is left out.");
    return {};
  }
  std::size_t at = sentinel.size();
  const std::uint32_t size = u32(section, at);
  at += 4;
  const bool high_size =
      head.version >= Version::r2018 || (head.version >= Version::r2010 && head.maintenance > 3);
  if (high_size) at += 4;
  const Bytes data = slice(section, at, size);
  if (data.size() < size) {
    diagnostics.warn("DWG_SECTION_TRUNCATED", name,
                     "A section is shorter than it says; its end is missing.");
  } else if (at + size + 2 <= section.size() &&
             crc16(kCrcSeed, section.subspan(sentinel.size(), at - sentinel.size() + size)) !=
                 u16(section, at + size)) {
    diagnostics.warn("DWG_SECTION_CRC", name,
                     "A section has a wrong checksum; what it says may be wrong.");
  }
  SectionFrame frame;
  frame.data = BitCursor(data);
  if (head.version >= Version::r2007) place_streams(frame);
  return frame;
}

}  // namespace cad::dwg
