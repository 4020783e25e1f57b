// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/data_storage.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cad::dwg {
namespace {

constexpr std::string_view kSolid = "ACIS BinaryFile: a solid";
constexpr std::size_t kSegment = 0x200;

// Little-endian numbers into a string, at a place or at the end.
struct Writer {
  std::string bytes;
  void put(std::size_t at, std::uint64_t value, unsigned size) {
    if (bytes.size() < at + size) bytes.resize(at + size);
    for (unsigned i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
  }
  void put(std::size_t at, std::string_view text) {
    if (bytes.size() < at + text.size()) bytes.resize(at + text.size());
    bytes.replace(at, text.size(), text);
  }
};

// A storage of segments, each 0x200 bytes long: 0 the file's header, 1 the index of segments, 2 the
// index of data, the rest as added.
struct Storage : Writer {
  std::uint32_t segments = 0, entries = 0;

  Storage() {
    put(0, "jard");
    put(0x18, kSegment, 4);
    put(0x28, 2, 4);
    add("filler", 0);
    add("segidx", 0);
    add("datidx", 0);
  }
  std::uint32_t add(std::string_view name, std::uint32_t revision) {
    const std::size_t at = kSegment * segments;
    if (segments > 0) {
      put(at, 0xd5ac, 2);
      put(at + 2, name);
      put(at + 16, kSegment, 4);
      put(at + 28, revision, 4);
    }
    bytes.resize(at + kSegment);
    put(kSegment + 48 + segments * 12, at, 8);
    put(kSegment + 48 + segments * 12 + 8, kSegment, 4);
    put(0x20, ++segments, 4);
    return segments - 1;
  }
  void list(std::uint32_t segment, std::uint32_t header) {
    put(2 * kSegment + 56 + entries * 12, segment, 4);
    put(2 * kSegment + 60 + entries * 12, header, 4);
    put(2 * kSegment + 48, ++entries, 4);
  }
  // A data segment with one record, whose bytes begin at 0x60 with their size.
  std::uint32_t add_record(Handle handle, std::uint32_t revision, std::uint32_t size,
                           std::string_view content) {
    const std::uint32_t segment = add("_data_", revision);
    const std::size_t at = segment * kSegment;
    put(at + 36, 6, 4);
    put(at + 48, 20, 4);
    put(at + 56, handle, 8);
    put(at + 0x60, size, 4);
    put(at + 0x64, content);
    list(segment, 0);
    return segment;
  }
  std::uint32_t add_solid(Handle handle, std::uint32_t revision, std::string_view content) {
    return add_record(handle, revision, static_cast<std::uint32_t>(content.size()), content);
  }
  DataStorage parse() const { return parse_data_storage(std::as_bytes(std::span(bytes))); }
};

TEST(DwgDataStorage, GivesSolidsByHandle) {
  Storage storage;
  storage.add_solid(0xD65, 1, kSolid);
  storage.add_solid(0x22, 1, "\x89PNG a picture");
  storage.add_solid(0xD66, 1, "ASM BinaryFile4 another");
  const DataStorage parsed = storage.parse();
  EXPECT_FALSE(parsed.damaged);
  ASSERT_EQ(parsed.solids.size(), 2u);
  EXPECT_EQ(parsed.solids.at(0xD65), kSolid);
  EXPECT_EQ(parsed.solids.at(0xD66), "ASM BinaryFile4 another");
}

TEST(DwgDataStorage, TheLastSavedRecordCounts) {
  for (const bool newer_first : {true, false}) {
    Storage storage;
    const std::string older = std::string(kSolid) + " of old";
    if (newer_first) storage.add_solid(5, 46, kSolid);
    storage.add_solid(5, 3, older);
    if (!newer_first) storage.add_solid(5, 46, kSolid);
    EXPECT_EQ(storage.parse().solids.at(5), kSolid);
  }
}

// A long record is a list of pages, each in a segment of its own.
struct Pages : Storage {
  std::size_t reference = 0;
  Pages() {
    std::uint32_t pages[2];
    const std::string_view halves[2] = {kSolid.substr(0, 10), kSolid.substr(10)};
    for (std::size_t i = 0; i < 2; ++i) {
      pages[i] = add("blob01", 1);
      const std::size_t at = pages[i] * kSegment;
      put(at + 48, kSolid.size(), 8);
      put(at + 56, i * 10, 8);
      put(at + 72, halves[i].size(), 8);
      put(at + 80, halves[i]);
    }
    reference = add_record(7, 1, 0xbb106bb1, {}) * kSegment + 0x60;
    put(reference + 4, kSolid.size(), 8);
    put(reference + 12, 2, 4);
    put(reference + 36, pages[0], 4);
    put(reference + 44, pages[1], 4);
  }
};

TEST(DwgDataStorage, PutsPagesTogether) {
  const DataStorage parsed = Pages().parse();
  EXPECT_FALSE(parsed.damaged);
  EXPECT_EQ(parsed.solids.at(7), kSolid);
}

TEST(DwgDataStorage, ImpossiblePagesAreDamage) {
  Pages many;
  many.put(many.reference + 12, 0xffffffff, 4);
  EXPECT_TRUE(many.parse().damaged);
  Pages large;
  large.put(large.reference + 4, 0xffffffffffff, 8);
  EXPECT_TRUE(large.parse().damaged);
  Pages missing;
  missing.put(missing.reference + 44, 99, 4);
  EXPECT_TRUE(missing.parse().damaged);
}

TEST(DwgDataStorage, ImpossibleSizesAreDamage) {
  Storage record;
  record.add_record(5, 1, 0xfffffff0, kSolid);
  EXPECT_TRUE(record.parse().damaged);
  EXPECT_LE(record.parse().solids.at(5).size(), kSegment);  // what is there of it
  Storage list;
  list.add_solid(5, 1, kSolid);
  list.put(2 * kSegment + 48, 0x7fffffff, 4);
  EXPECT_TRUE(list.parse().damaged);
  EXPECT_EQ(list.parse().solids.at(5), kSolid);
  Storage nowhere;
  nowhere.add_solid(5, 1, kSolid);
  nowhere.put(kSegment + 48 + 3 * 12, 0xffffffffffffff00, 8);
  EXPECT_TRUE(nowhere.parse().damaged);
  Storage other;
  other.put(0, "else");
  EXPECT_TRUE(other.parse().damaged);
}

// Many records that all are the same bytes: no more is kept than the section has.
TEST(DwgDataStorage, SharedBytesDoNotMultiply) {
  Storage storage;
  const std::uint32_t segment = storage.add_solid(1, 1, kSolid);
  const std::size_t at = segment * kSegment;
  storage.put(at + 16, 0xffffffff, 4);
  storage.bytes.resize(storage.bytes.size() + 0x8000);
  storage.put(at + 0x60, 0x6000, 4);
  for (std::uint32_t i = 1; i < 20; ++i) {
    const std::size_t header = at + 48 + i * 20;
    storage.put(header + 8, i + 1, 8);
    storage.put(header + 16, 0, 4);
    storage.list(segment, i * 20);
  }
  storage.put(at + 36, 60, 4);
  storage.put(at + 960, 0x6000, 4);
  storage.put(at + 964, kSolid);
  std::size_t kept = 0;
  for (const auto& [handle, bytes] : storage.parse().solids) kept += bytes.size();
  EXPECT_GE(kept, std::size_t{0x6000});
  EXPECT_LE(kept, storage.bytes.size());
}

TEST(DwgDataStorage, NoSectionIsNoDamage) { EXPECT_FALSE(parse_data_storage({}).damaged); }

}  // namespace
}  // namespace cad::dwg
