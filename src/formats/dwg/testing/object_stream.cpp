// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/object_stream.hpp"

#include <algorithm>

namespace cad::dwg::testing {
namespace {

void put_ms(std::vector<std::byte>& out, std::size_t value) {
  const auto put = [&out](std::size_t word) {
    out.push_back(static_cast<std::byte>(word & 0xff));
    out.push_back(static_cast<std::byte>(word >> 8 & 0xff));
  };
  if (value < 0x8000) return put(value);
  put((value & 0x7fff) | 0x8000);
  put(value >> 15);
}

void put_umc(std::vector<std::byte>& out, std::size_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>((value & 0x7f) | 0x80));
  out.push_back(static_cast<std::byte>(value));
}

}  // namespace

ObjectStream frame_objects(std::span<const std::uint8_t> data) {
  ObjectStream stream;
  if (data.empty()) return stream;
  stream.version = static_cast<Version>(data[0] & 7);
  for (std::size_t at = 1; at + 4 < data.size();) {
    const std::size_t size = data[at] | data[at + 1] << 8;
    const std::size_t handle_bits = data[at + 2] | data[at + 3] << 8;
    at += 4;
    const auto bytes = data.subspan(at, std::min(size, data.size() - at));
    at += bytes.size();
    stream.offsets.push_back(stream.section.size());
    put_ms(stream.section, bytes.size());
    if (stream.version >= Version::r2010) put_umc(stream.section, handle_bits);
    for (const std::uint8_t byte : bytes) stream.section.push_back(static_cast<std::byte>(byte));
    stream.section.resize(stream.section.size() + 2);  // the checksum is not looked at
  }
  return stream;
}

std::vector<std::uint8_t> unframe_objects(Version version, Bytes section,
                                          std::span<const std::uint64_t> offsets) {
  std::vector<std::uint8_t> out{static_cast<std::uint8_t>(version)};
  for (const std::uint64_t offset : offsets) {
    BitCursor head(slice(section, offset, 16));
    const std::uint32_t size = head.ms();
    const std::uint64_t handle_bits = version >= Version::r2010 ? head.umc() : 0;
    const Bytes bytes = slice(section, offset + head.position() / 8, size);
    if (bytes.size() > 0xffff || handle_bits > 0xffff) continue;
    for (const std::uint64_t word : {std::uint64_t{bytes.size()}, handle_bits}) {
      out.push_back(static_cast<std::uint8_t>(word));
      out.push_back(static_cast<std::uint8_t>(word >> 8));
    }
    for (const std::byte byte : bytes) out.push_back(std::to_integer<std::uint8_t>(byte));
  }
  return out;
}

std::vector<ClassInfo> classes_of(std::span<const std::string_view> names) {
  std::vector<ClassInfo> classes;
  for (const std::string_view name : names) {
    ClassInfo info;
    info.number = static_cast<std::uint16_t>(500 + classes.size());
    info.dxf_name = name;
    const TypeRow* const row = named_type(name);
    info.is_entity = row == nullptr || row->role == Role::entity;
    classes.push_back(std::move(info));
  }
  return classes;
}

}  // namespace cad::dwg::testing
