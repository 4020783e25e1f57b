// SPDX-License-Identifier: Apache-2.0
// Whole files of R2007: what was written is read, what is damaged is mended or reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "formats/dwg/container/r2007_header.hpp"
#include "formats/dwg/container/reed_solomon.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/testing/container_writer_r2007.hpp"

namespace cad::dwg {
namespace {

using Buffer = std::vector<std::byte>;
using Contents = std::map<SectionId, Buffer>;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Buffer noise(std::size_t size, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  Buffer bytes(size);
  for (std::byte& b : bytes) b = static_cast<std::byte>(random());
  return bytes;
}

// Repeats itself at all distances, for all lengths.
Buffer text(std::size_t size, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  Buffer bytes = noise(std::min<std::size_t>(size, 40), seed);
  while (bytes.size() < size) {
    const std::size_t from =
        bytes.size() - 1 - random() % std::min<std::size_t>(bytes.size(), 1u << random() % 16);
    const std::size_t length = 1 + random() % (random() % 50 == 0 ? 3000 : 60);
    for (std::size_t i = 0; i < length && bytes.size() < size; ++i)
      bytes.push_back(bytes[from + i]);
    if (random() % 3 == 0) bytes.push_back(static_cast<std::byte>(random()));
  }
  bytes.resize(size);
  return bytes;
}

Contents drawing() {
  return {{SectionId::header, text(850)},       {SectionId::classes, text(6000)},
          {SectionId::object_map, noise(3000)}, {SectionId::objects, text(200'000)},
          {SectionId::measurement, noise(240)}, {SectionId::preview, noise(25'263)},
          {SectionId::summary_info, text(76)}};
}

struct Opened {
  Result<Sections> sections;
  std::vector<Diagnostic> diagnostics;

  Buffer operator[](SectionId id) const {
    const Bytes bytes = sections ? (*sections)[id] : Bytes{};
    return {bytes.begin(), bytes.end()};
  }
};

Opened open(Bytes file, const Limits& limits = {}, std::uint32_t security_flags = 0) {
  Diagnostics diagnostics;
  auto sections = open_r2007(file, {.version = Version::r2007, .security_flags = security_flags},
                             {limits, diagnostics});
  return {std::move(sections), diagnostics.all()};
}

auto diagnostic(const char* code) { return Field("code", &Diagnostic::code, code); }
auto diagnostic(const char* code, SectionId id) {
  return AllOf(diagnostic(code), Field("subject", &Diagnostic::subject, name_of(id)));
}

void expect_same(const Opened& opened, const Contents& contents) {
  ASSERT_TRUE(opened.sections) << opened.sections.error().message;
  for (const auto& [id, bytes] : contents) EXPECT_EQ(opened[id], bytes) << name_of(id);
}

testing::FileR2007 write(const Contents& contents) {
  const auto draft = testing::draft_r2007(contents);
  return testing::write_r2007(draft, testing::section_map_of(draft));
}

// Changes the first and `count` - 1 other bytes of each of the interleaved words.
void damage_words(std::span<std::byte> page, std::size_t words, std::size_t count) {
  std::mt19937 random(7);
  for (std::size_t i = 0; i < words; ++i) {
    std::vector<std::size_t> rows(rs::kWord);
    for (std::size_t j = 0; j < rows.size(); ++j) rows[j] = j;
    std::shuffle(rows.begin() + 1, rows.end(), random);
    for (std::size_t j = 0; j < count; ++j)
      page[rows[j] * words + i] ^= static_cast<std::byte>(1 + random() % 255);
  }
}

class SectionSizes : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(R2007, SectionSizes,
                         ::testing::Values(1, 7, 8, 250, 251, 252, 0xF7FF, 0xF800, 0xF801,
                                           400'000));

TEST_P(SectionSizes, WhatIsWrittenIsRead) {
  for (const bool compressible : {true, false}) {
    Contents contents = drawing();
    for (const SectionId id : {SectionId::objects, SectionId::preview, SectionId::header})
      contents[id] = compressible ? text(GetParam()) : noise(GetParam());
    const Opened opened = open(testing::write_r2007(contents));
    expect_same(opened, contents);
    EXPECT_THAT(opened.diagnostics, IsEmpty());
  }
}

TEST(R2007, AnEmptySectionIsNotDamageButADrawingNeedsSome) {
  Contents contents = drawing();
  contents[SectionId::app_info] = {};
  contents[SectionId::classes] = {};
  const Opened opened = open(testing::write_r2007(contents));
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, SizeIs(1));
  EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_SECTION_MISSING", SectionId::classes)));
}

TEST(R2007, PagesOfZerosAreNotStored) {
  Contents contents = drawing();
  contents[SectionId::objects] = noise(5 * 0xF800);
  std::fill_n(contents[SectionId::objects].begin(), 0xF800, std::byte{0});
  std::fill_n(contents[SectionId::objects].begin() + 3 * 0xF800, 2 * 0xF800, std::byte{0});
  EXPECT_LT(write(contents).bytes.size(), 200'000u);
  const Opened opened = open(testing::write_r2007(contents));
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, IsEmpty());
}

TEST(R2007, TheChecksumsMayHaveASeed) {
  const Contents contents = drawing();
  auto draft = testing::draft_r2007(contents, 0x2A5, 0xFEDCBA9876543210);
  for (auto& section : draft.sections)
    for (auto& page : section.pages) page.checksum = 0;  // so that the CRC alone speaks for it
  const Opened opened = open(testing::write_r2007(draft, testing::section_map_of(draft)).bytes);
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, IsEmpty());
}

TEST(R2007, UpToEightWrongBytesInEachWordOfASystemPageAreMended) {
  const Contents contents = drawing();
  auto file = write(contents);
  const std::span<std::byte> bytes(file.bytes);
  damage_words(bytes.subspan(r2007::kHeaderAt), 3, 8);
  damage_words(bytes.subspan(file.page_map), 4, 8);
  damage_words(bytes.subspan(file.page_map2), 4, 8);
  const Opened opened = open(file.bytes);
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, Each(diagnostic("DWG_REPAIRED")));
  EXPECT_THAT(opened.diagnostics, SizeIs(2));
}

TEST(R2007, UpToTwoWrongBytesInEachWordOfADataPageAreMended) {
  const Contents contents = drawing();
  const auto draft = testing::draft_r2007(contents);
  auto file = testing::write_r2007(draft, testing::section_map_of(draft));
  for (const auto& section : draft.sections)
    for (const auto& page : section.pages) {
      const std::size_t aligned = (page.compressed + 7) / 8 * 8;
      const std::size_t words = rs::words_for(rs::Code::data_page, aligned);
      const auto bytes = std::span(file.bytes).subspan(file.pages[page.number]);
      if (section.encoding == 4) {
        damage_words(bytes, words, 2);
        continue;
      }
      for (std::size_t i = 0; i < words; ++i) {
        bytes[i * 251] ^= std::byte{0xFF};
        bytes[std::min(i * 251 + 250, aligned - 1)] ^= std::byte{1};
      }
    }
  const Opened opened = open(file.bytes);
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, Each(diagnostic("DWG_REPAIRED")));
  EXPECT_THAT(opened.diagnostics, SizeIs(draft.sections.size()));
}

TEST(R2007, MoreWrongBytesAreReported) {
  const Contents contents = drawing();
  for (const std::size_t count : {3u, 9u, 255u}) {
    auto file = write(contents);
    for (const auto& [number, at] : file.pages) {
      const std::size_t words = std::min<std::size_t>(20, (file.section_map - at) / 255);
      damage_words(std::span(file.bytes).subspan(at), words, count);
    }
    const Opened opened = open(file.bytes);
    ASSERT_TRUE(opened.sections);
    for (const auto& [id, bytes] : contents) {
      EXPECT_EQ(opened[id].size(), bytes.size());
      EXPECT_THAT(opened.diagnostics,
                  Contains(AllOf(Field(&Diagnostic::subject, name_of(id)),
                                 Field(&Diagnostic::severity, Severity::warning))))
          << name_of(id);
    }
  }
}

TEST(R2007, OfADamagedPageTheOthersAreUnharmed) {
  const Contents contents = drawing();
  const auto draft = testing::draft_r2007(contents);
  auto file = testing::write_r2007(draft, testing::section_map_of(draft));
  const auto& objects =
      *std::ranges::find(draft.sections, SectionId::objects, &testing::DraftR2007::Section::id);
  std::fill_n(file.bytes.begin() + static_cast<std::ptrdiff_t>(file.pages[objects.pages[1].number]),
              3000, std::byte{0x55});
  const Opened opened = open(file.bytes);
  const Buffer before = contents.at(SectionId::objects), after = opened[SectionId::objects];
  ASSERT_EQ(after.size(), before.size());
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + 0xF800, after.begin()));
  EXPECT_TRUE(std::equal(before.begin() + 2 * 0xF800, before.end(), after.begin() + 2 * 0xF800));
  EXPECT_THAT(opened.diagnostics, SizeIs(1));
  EXPECT_EQ(opened.diagnostics[0].subject, name_of(SectionId::objects));
}

TEST(R2007, TheCopyOfTheFileHeaderIsUsed) {
  const Contents contents = drawing();
  auto file = write(contents);
  std::fill_n(file.bytes.begin() + r2007::kHeaderAt, r2007::kHeaderPage, std::byte{0x11});
  const Opened opened = open(file.bytes);
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, SizeIs(1));
  EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_FILE_HEADER")));

  file.bytes.resize(file.bytes.size() + 1234);
  expect_same(open(file.bytes), contents);

  std::fill(file.bytes.end() - 1234 - r2007::kHeaderPage, file.bytes.end(), std::byte{0x11});
  const Opened lost = open(file.bytes);
  ASSERT_FALSE(lost.sections);
  EXPECT_EQ(lost.sections.error().code, ErrorCode::damaged_drawing);
}

TEST(R2007, TheCopiesOfTheMapsAreUsed) {
  const Contents contents = drawing();
  const auto whole = write(contents);
  const auto overwritten = [](Buffer bytes, std::size_t at, std::size_t size) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, std::byte{0x22});
    return bytes;
  };
  for (const auto& [first, size] : {std::pair{whole.page_map, whole.map_page_bytes},
                                    std::pair{whole.section_map, whole.section_map_page_bytes}}) {
    const Opened opened = open(overwritten(whole.bytes, first, size));
    expect_same(opened, contents);
    EXPECT_THAT(opened.diagnostics, SizeIs(1));
    EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_MAP_COPY")));
  }
  const Opened lost =
      open(overwritten(overwritten(whole.bytes, whole.page_map, whole.map_page_bytes),
                       whole.page_map2, whole.map_page_bytes));
  ASSERT_FALSE(lost.sections);
  EXPECT_EQ(lost.sections.error().code, ErrorCode::damaged_drawing);
}

// As AutoCAD begins its sections.
Contents sentineled_drawing() {
  Contents contents = drawing();
  const auto begin = [&](SectionId id, std::initializer_list<unsigned> bytes) {
    std::ranges::transform(bytes, contents[id].begin(),
                           [](unsigned b) { return static_cast<std::byte>(b); });
  };
  begin(SectionId::header, {0xCF, 0x7B, 0x1F, 0x23, 0xFD, 0xDE, 0x38, 0xA9, 0x5F, 0x7C, 0x68, 0xB8,
                            0x4E, 0x6D, 0x33, 0x5F});
  begin(SectionId::classes, {0x8D, 0xA1, 0xC4, 0xB8, 0xC4, 0xA9, 0xF8, 0xC5, 0xC0, 0xDC, 0xF4, 0x5F,
                             0xE7, 0xCF, 0xB6, 0x8A});
  begin(SectionId::objects, {0xCA, 0x0D, 0, 0});
  contents.erase(SectionId::object_map);
  contents.erase(SectionId::measurement);
  return contents;
}

TEST(R2007, WithoutASectionMapPagesAreToldByTheirContent) {
  Contents contents = sentineled_drawing();
  auto file = write(contents);
  file.bytes.resize(file.section_map);  // cut off before it
  const Opened opened = open(file.bytes);
  ASSERT_TRUE(opened.sections) << opened.sections.error().message;
  for (const SectionId id : {SectionId::header, SectionId::classes, SectionId::objects}) {
    Buffer bytes = opened[id];
    ASSERT_GE(bytes.size(), contents[id].size());
    EXPECT_LE(bytes.size(), contents[id].size() + 64);  // what fills the page may unpack, too
    bytes.resize(contents[id].size());
    EXPECT_EQ(bytes, contents[id]) << name_of(id);
  }
  EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_FILE_TRUNCATED")));
  EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_MAPS")));
  EXPECT_THAT(opened.diagnostics,
              Contains(diagnostic("DWG_SECTION_MISSING", SectionId::object_map)));
}

TEST(R2007, WithoutASectionMapAndObjectsThereIsNoDrawing) {
  Contents contents = sentineled_drawing();
  contents.erase(SectionId::objects);
  auto file = write(contents);
  file.bytes.resize(file.section_map);
  const Opened opened = open(file.bytes);
  ASSERT_FALSE(opened.sections);
  EXPECT_EQ(opened.sections.error().code, ErrorCode::damaged_drawing);
}

TEST(R2007, EveryTruncationIsReported) {
  const auto file = write(drawing());
  for (std::size_t size = 0; size < file.bytes.size(); size += 1 + size / 40) {
    const Opened opened = open(Bytes(file.bytes).first(size));
    if (opened.sections)
      EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_FILE_TRUNCATED"))) << size;
    else
      EXPECT_EQ(opened.sections.error().code, ErrorCode::damaged_drawing) << size;
  }
}

TEST(R2007, APageThatTheFileCutsOffGivesItsBeginning) {
  Contents contents = drawing();
  auto draft = testing::draft_r2007(contents);
  auto& preview =
      *std::ranges::find(draft.sections, SectionId::preview, &testing::DraftR2007::Section::id);
  draft.pages[preview.pages[0].number - 1].bytes.resize(0x1000);
  const Opened opened = open(testing::write_r2007(draft, testing::section_map_of(draft)).bytes);
  Buffer& expected = contents[SectionId::preview];
  std::fill(expected.begin() + 0x1000, expected.end(), std::byte{0});
  expect_same(opened, contents);
  EXPECT_THAT(opened.diagnostics, SizeIs(1));
  EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_PAGE_TRUNCATED", SectionId::preview)));
}

TEST(R2007, APasswordIsSaidToBeNeeded) {
  auto draft = testing::draft_r2007(drawing());
  auto& preview =
      *std::ranges::find(draft.sections, SectionId::preview, &testing::DraftR2007::Section::id);
  preview.encryption = 1;
  const Opened without_preview =
      open(testing::write_r2007(draft, testing::section_map_of(draft)).bytes);
  ASSERT_TRUE(without_preview.sections);
  EXPECT_TRUE(without_preview[SectionId::preview].empty());

  draft.sections[0].encryption = 1;
  const Opened encrypted = open(testing::write_r2007(draft, testing::section_map_of(draft)).bytes);
  ASSERT_FALSE(encrypted.sections);
  EXPECT_EQ(encrypted.sections.error().code, ErrorCode::encrypted_drawing);

  // The flag alone, outside all error correction, is believed when the header makes no sense.
  const Opened flagged = open(testing::write_r2007(drawing()), {}, 1);
  ASSERT_FALSE(flagged.sections);
  EXPECT_EQ(flagged.sections.error().code, ErrorCode::encrypted_drawing);
}

TEST(R2007, NoMoreIsUnpackedThanTheLimit) {
  const auto file = write(drawing());
  Limits limits;
  limits.max_decompressed_bytes = 100'000;
  const Opened opened = open(file.bytes, limits);
  ASSERT_TRUE(opened.sections);
  std::size_t total = 0;
  for (const auto& [id, bytes] : drawing()) total += opened[id].size();
  EXPECT_LE(total, 100'000u);
  EXPECT_THAT(opened.diagnostics, Contains(diagnostic("LIMIT_DECOMPRESSED")));
}

// What the maps may say that is not true; the rest of the file is right.
TEST(R2007, MapsThatLie) {
  const auto whole = testing::draft_r2007(drawing());
  const auto lie = [&](auto change) {
    auto draft = whole;
    auto& objects =
        *std::ranges::find(draft.sections, SectionId::objects, &testing::DraftR2007::Section::id);
    change(objects);
    return open(testing::write_r2007(draft, testing::section_map_of(draft)).bytes);
  };
  const auto reported = [](const char* code) {
    return Contains(diagnostic(code, SectionId::objects));
  };
  EXPECT_THAT(lie([](auto& s) { s.pages[1].number = s.pages[0].number; }).diagnostics,
              reported("DWG_PAGE_MISSING"));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].number = 77777; }).diagnostics,
              reported("DWG_PAGE_MISSING"));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].start = 5; }).diagnostics, reported("DWG_PAGE_OVERLAP"));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].start = 1ull << 60; }).diagnostics,
              reported("DWG_PAGE_MISPLACED"));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].uncompressed = ~0ull; }).diagnostics,
              reported("DWG_PAGE_MISPLACED"));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].uncompressed -= 1; }).diagnostics, Not(IsEmpty()));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].compressed = ~0ull; }).diagnostics,
              reported("DWG_PAGE_TRUNCATED"));
  EXPECT_THAT(lie([](auto& s) { s.pages[1].compressed /= 2; }).diagnostics, Not(IsEmpty()));
  EXPECT_THAT(lie([](auto& s) { s.encoding = 1; }).diagnostics, Not(IsEmpty()));
  EXPECT_THAT(lie([](auto& s) { s.size = 1ull << 62; }).diagnostics,
              reported("DWG_SECTION_TRUNCATED"));
  // A wrong checksum alone harms nothing when the CRC is right, nor the other way around.
  EXPECT_THAT(lie([](auto& s) { s.pages[1].checksum ^= 1; }).diagnostics, IsEmpty());
  EXPECT_THAT(lie([](auto& s) { s.pages[1].crc ^= 1; }).diagnostics, IsEmpty());
  EXPECT_THAT(lie([](auto& s) { s.pages[1].checksum ^= 1, s.pages[1].crc ^= 1; }).diagnostics,
              reported("DWG_PAGE_CHECKSUM"));
}

TEST(R2007, ASectionMapThatEndsEarlyOrPromisesTooMuch) {
  const auto draft = testing::draft_r2007(drawing());
  const Buffer map = testing::section_map_of(draft);
  for (std::size_t size = 1; size < map.size(); size += 13) {
    const Opened opened = open(testing::write_r2007(draft, Bytes(map).first(size)).bytes);
    ASSERT_TRUE(opened.sections);
    EXPECT_THAT(opened.diagnostics, Not(IsEmpty())) << size;
  }
  for (const std::size_t field : {0x20u, 0x38u}) {  // length of the name, count of pages
    Buffer lying = map;
    std::fill_n(lying.begin() + static_cast<std::ptrdiff_t>(field), 8, std::byte{0xFF});
    const Opened opened = open(testing::write_r2007(draft, lying).bytes);
    ASSERT_TRUE(opened.sections);
    EXPECT_THAT(opened.diagnostics, Contains(diagnostic("DWG_MAPS")));
  }
}

}  // namespace
}  // namespace cad::dwg
