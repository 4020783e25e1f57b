// SPDX-License-Identifier: Apache-2.0
// Objects as fuzzers and tests hand them to the reader, without a container: a version byte (0 =
// R13
// .. 7 = 2018), then for each object the size of its bytes and of its handle stream in bits (two
// little-endian shorts) and the bytes, from the type on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "formats/dwg/loader.hpp"

namespace cad::dwg::testing {

struct ObjectStream {
  Version version = Version::r2000;
  std::vector<std::byte> section;      // objects framed as in a file
  std::vector<std::uint64_t> offsets;  // of each in the section
};

ObjectStream frame_objects(std::span<const std::uint8_t> data);

// The reverse, for seeds: the objects at these places of a real section.
std::vector<std::uint8_t> unframe_objects(Version version, Bytes section,
                                          std::span<const std::uint64_t> offsets);

// Classes for all named types, numbered from 500 in the order of `names`.
std::vector<ClassInfo> classes_of(std::span<const std::string_view> names);

}  // namespace cad::dwg::testing
