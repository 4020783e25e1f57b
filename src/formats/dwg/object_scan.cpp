// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/object_scan.hpp"

#include "formats/dwg/bit_cursor.hpp"
#include "formats/dwg/crc16.hpp"

namespace cad::dwg {
namespace {

constexpr std::uint32_t kLeastBytes = 6;
constexpr std::uint32_t kMostBytes = 1u << 24;
// Of checksums together: chance alone makes a candidate of every few bytes.
constexpr std::uint64_t kWorkPerByte = 64, kLeastWork = 1u << 20;

struct Candidate {
  Handle handle = 0;
  std::uint64_t bytes = 0;  // without the checksum; 0 = none
};

Candidate candidate_at(Bytes section, std::uint64_t at, Version version) {
  BitCursor in(slice(section, at, 64));
  const std::uint32_t size = in.ms();
  const std::uint64_t handle_bits = version >= Version::r2010 ? in.umc() : 0;
  const std::uint64_t prefix = in.position() / 8;
  if (!in.ok() || size < kLeastBytes || size > kMostBytes || handle_bits > 8ull * size) return {};
  if (prefix + size + 2 > section.size() - at) return {};
  const std::uint16_t type = in.object_type(version);
  if (type == 0 || type > 0x1000) return {};
  if (version >= Version::r2000 && version < Version::r2010 && in.rl() > 8ull * size) return {};
  const HandleRef handle = in.h();
  if (!in.ok() || handle.code != 0 || handle.value == 0) return {};
  return {handle.value, prefix + size};
}

}  // namespace

std::vector<ObjectPlace> scan_objects(Bytes section, Version version) {
  std::vector<ObjectPlace> found;
  std::uint64_t work = kWorkPerByte * section.size() + kLeastWork;
  for (std::uint64_t at = 0; at + kLeastBytes < section.size();) {
    const Candidate candidate = candidate_at(section, at, version);
    if (candidate.bytes != 0) {
      if (candidate.bytes > work) break;
      work -= candidate.bytes;
      const Bytes object = slice(section, at, candidate.bytes);
      if (crc16(kCrcSeed, object) == u16(section, at + candidate.bytes)) {
        found.push_back({candidate.handle, at});
        at += candidate.bytes + 2;
        continue;
      }
    }
    ++at;
  }
  return found;
}

}  // namespace cad::dwg
