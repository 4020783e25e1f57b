// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/object_map.hpp"

#include "formats/dwg/bit_cursor.hpp"
#include "formats/dwg/crc16.hpp"

namespace cad::dwg {
namespace {

constexpr std::uint64_t kLeastObjectBytes = 4;

std::uint16_t big_endian(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(u8(bytes, at) << 8 | u8(bytes, at + 1));
}

}  // namespace

// Chunks of pairs; both running values start again in each. The specification's longest chunk of
// 2032 bytes is exceeded by real files.
ObjectMap read_object_map(Bytes section, std::uint64_t objects_size, Diagnostics& diagnostics) {
  ObjectMap map;
  std::vector<ObjectPlace>& places = map.places;
  const std::uint64_t most = objects_size / kLeastObjectBytes + 1;
  std::size_t at = 0;
  bool complete = false;
  while (at + 2 <= section.size()) {
    const std::size_t size = big_endian(section, at);
    if (size <= 2) {
      complete = size == 2;
      break;
    }
    const Bytes chunk = slice(section, at, size);
    if (chunk.size() == size && at + size + 2 <= section.size() &&
        crc16(kCrcSeed, chunk) != big_endian(section, at + size)) {
      map.damaged = true;
      diagnostics.warn("DWG_OBJECT_MAP_CRC", "AcDb:Handles",
                       "A part of the object map has a wrong checksum; some objects may be lost.");
    }
    BitCursor in(chunk.subspan(2));
    Handle handle = 0;
    std::uint64_t offset = 0;
    while (in.bits_left() >= 16 && places.size() < most) {
      handle += in.umc();
      offset += static_cast<std::uint64_t>(in.mc());
      if (!in.ok()) break;
      if (offset >= objects_size) {
        map.damaged = true;
        diagnostics.warn("DWG_OBJECT_MAP", "AcDb:Handles",
                         "The object map points outside the objects; these entries are left out.");
        continue;
      }
      places.push_back({handle, offset});
    }
    at += size + 2;
  }
  if (!complete) {
    map.damaged = true;
    diagnostics.warn("DWG_OBJECT_MAP_TRUNCATED", "AcDb:Handles",
                     "The object map has no proper end; objects may be missing.");
  }
  return map;
}

}  // namespace cad::dwg
