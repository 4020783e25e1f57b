// SPDX-License-Identifier: Apache-2.0
// The whole container: what was written is read, and what is damaged is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/crc16.hpp"
#include "formats/dwg/testing/container_writer_r2004.hpp"
#include "formats/dwg/testing/lz77_r2004_packer.hpp"

namespace cad::dwg {
namespace {

using Buffer = std::vector<std::byte>;
using testing::SectionContents;

struct Opened {
  Result<Sections> sections;
  Diagnostics diagnostics;

  bool has(std::string_view code, std::string_view subject = {}) const {
    return std::ranges::any_of(diagnostics.all(), [&](const Diagnostic& d) {
      return d.code == code && (subject.empty() || d.subject == subject);
    });
  }
};

Opened open(Bytes file, std::size_t most = Limits{}.max_decompressed_bytes) {
  Limits limits;
  limits.max_decompressed_bytes = most;
  Diagnostics diagnostics;
  const FileHead head{.version = Version::r2018, .security_flags = u32(file, 0x18)};
  auto sections = open_r2004(file, head, {limits, diagnostics});
  return {std::move(sections), std::move(diagnostics)};
}

Buffer random_bytes(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  Buffer bytes(size);
  for (std::byte& b : bytes) b = static_cast<std::byte>(random());
  return bytes;
}

Buffer text_bytes(std::size_t size, std::string_view words = "LINE 12.5 0.25 LAYER WALLS ") {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>(words[(i + i / 1000) % words.size()]);
  return bytes;
}

Buffer with_head(Buffer bytes, std::initializer_list<int> head) {
  std::ranges::transform(head, bytes.begin(), [](int b) { return static_cast<std::byte>(b); });
  return bytes;
}

// A chunk of two bytes, with its CRC.
Buffer object_map() {
  Buffer chunk = with_head(Buffer(6), {0, 4, 1, 2});
  const std::uint16_t crc = crc16(kCrcSeed, Bytes(chunk).first(4));
  chunk[4] = static_cast<std::byte>(crc >> 8);
  chunk[5] = static_cast<std::byte>(crc & 0xff);
  return chunk;
}

// Beginnings as in drawings, by which sections are told when their map is lost.
SectionContents small_drawing() {
  SectionContents contents;
  contents[SectionId::header] =
      with_head(text_bytes(300), {0xCF, 0x7B, 0x1F, 0x23, 0xFD, 0xDE, 0x38, 0xA9});
  contents[SectionId::classes] =
      with_head(text_bytes(200), {0x8D, 0xA1, 0xC4, 0xB8, 0xC4, 0xA9, 0xF8, 0xC5});
  contents[SectionId::objects] = with_head(text_bytes(700), {0xCA, 0x0D, 0, 0});
  contents[SectionId::object_map] = object_map();
  contents[SectionId::summary_info] = text_bytes(60);
  contents[SectionId::preview] =
      with_head(text_bytes(90), {0x1F, 0x25, 0x6D, 0x07, 0xD4, 0x36, 0x28, 0x28});
  return contents;
}

bool same(const Sections& sections, const SectionContents& contents) {
  return std::ranges::all_of(contents, [&](const auto& entry) {
    return std::ranges::equal(sections[entry.first], entry.second);
  });
}

// As much as the section holds, followed by nothing but zeros.
bool begins_with(Bytes section, const Buffer& content) {
  return section.size() >= content.size() &&
         std::ranges::equal(section.first(content.size()), content) &&
         std::ranges::all_of(section.subspan(content.size()),
                             [](std::byte b) { return b == std::byte{}; });
}

void destroy(Buffer& file, std::uint64_t at, std::size_t count) {
  std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), count, std::byte{0x5A});
}

std::uint64_t address_of(const Buffer& file, std::uint32_t tag) {
  for (std::uint64_t at = kR2004PagesAt; at < file.size(); at += kPageAlignment)
    if (u32(file, at) == tag) return at;
  ADD_FAILURE() << "no page with this tag";
  return 0;
}

std::uint64_t address_of_data_page(const Buffer& file, std::uint32_t section, std::uint64_t start) {
  for (std::uint64_t at = kR2004PagesAt; at < file.size(); at += kPageAlignment)
    if (const auto header = read_data_page_header(file, at);
        header.tag == kDataPageTag && header.section == section && header.start == start)
      return at;
  ADD_FAILURE() << "no such page";
  return 0;
}

TEST(R2004, ReadsWhatWasWritten) {
  for (const std::size_t size : {0u, 1u, 4u, 29'695u, 29'696u, 29'697u, 200'000u}) {
    SectionContents contents = small_drawing();
    contents[SectionId::objects] = text_bytes(size);
    contents[SectionId::classes] = random_bytes(size);
    contents[SectionId::data_storage] = Buffer(size);
    contents[SectionId::preview] = random_bytes(size, 2);
    for (const Version version : {Version::r2004, Version::r2010, Version::r2013, Version::r2018}) {
      const Buffer file = testing::write_r2004(version, contents);
      EXPECT_EQ(version_of(file), version);
      const Opened opened = open(file);
      ASSERT_TRUE(opened.sections);
      EXPECT_TRUE(opened.diagnostics.all().empty());
      EXPECT_TRUE(same(*opened.sections, contents)) << size;
    }
  }
}

TEST(R2004, ReadsPagesOfZerosThatAreNotStored) {
  SectionContents contents = small_drawing();
  Buffer& objects = contents[SectionId::objects];
  objects = text_bytes(150'000);
  std::fill_n(objects.begin() + 29'696, 2 * 29'696, std::byte{});
  objects.resize(300'000);
  const Buffer file = testing::write_r2004(Version::r2010, contents);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.diagnostics.all().empty());
  EXPECT_TRUE(same(*opened.sections, contents));
}

// A flipped byte is told, unless nothing comes of it, and costs one section at most.
void expect_one_loss(const Opened& opened, const SectionContents& contents) {
  ASSERT_TRUE(opened.sections);
  const Sections& sections = *opened.sections;
  EXPECT_TRUE(!opened.diagnostics.all().empty() || same(sections, contents));
  int lost = 0;
  for (const SectionId id :
       {SectionId::header, SectionId::classes, SectionId::objects, SectionId::object_map})
    if (!begins_with(sections[id], contents.at(id))) ++lost;
  EXPECT_LE(lost, 1);
}

TEST(R2004, TellsOfEveryFlippedByte) {
  constexpr std::size_t kSecurityFlags = 0x18;
  const SectionContents contents = small_drawing();
  const Buffer file = testing::write_r2004(Version::r2018, contents);
  ASSERT_LT(file.size(), 8'000u);
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int flip : {0x01, 0xFF}) {
      if (at == kSecurityFlags) continue;
      SCOPED_TRACE(std::to_string(at) + " ^ " + std::to_string(flip));
      Buffer damaged = file;
      damaged[at] ^= static_cast<std::byte>(flip);
      expect_one_loss(open(damaged), contents);
    }
  }
}

TEST(R2004, TellsOfEveryCut) {
  const SectionContents contents = small_drawing();
  const Buffer file = testing::write_r2004(Version::r2018, contents);
  for (std::size_t size = 0; size < file.size(); ++size) {
    const Opened opened = open(Bytes(file).first(size));
    EXPECT_TRUE(!opened.sections || !opened.diagnostics.all().empty() ||
                same(*opened.sections, contents))
        << size;
  }
}

TEST(R2004, UsesTheHeadersCopy) {
  const SectionContents contents = small_drawing();
  Buffer file = testing::write_r2004(Version::r2004, contents);
  destroy(file, kR2004HeaderAt + 0x54, 4);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("DWG_FILE_HEADER"));
  EXPECT_EQ(opened.diagnostics.all().size(), 1u);
  EXPECT_TRUE(same(*opened.sections, contents));
}

TEST(R2004, FindsPagesWithoutAPageMap) {
  SectionContents contents = small_drawing();
  contents[SectionId::objects] = random_bytes(100'000);
  Buffer file = testing::write_r2004(Version::r2004, contents);
  destroy(file, address_of(file, kPageMapTag) + 0x20, 8);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("DWG_MAPS"));
  EXPECT_EQ(opened.diagnostics.all().size(), 1u);
  EXPECT_TRUE(same(*opened.sections, contents));
}

TEST(R2004, TellsSectionsByTheirContentWithoutMaps) {
  SectionContents contents = small_drawing();
  const Buffer objects = with_head(random_bytes(3 * 29'696 + 500), {0xCA, 0x0D, 0, 0});
  contents[SectionId::objects] = objects;
  Buffer file = testing::write_r2004(Version::r2004, contents);
  file.resize(address_of(file, kSectionMapTag));
  destroy(file, kR2004HeaderAt, kR2004HeaderBytes);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("DWG_FILE_HEADER"));
  EXPECT_TRUE(opened.has("DWG_MAPS"));
  EXPECT_FALSE(opened.has("DWG_SECTION_MISSING"));
  for (const SectionId id : {SectionId::header, SectionId::classes, SectionId::objects,
                             SectionId::object_map, SectionId::preview})
    EXPECT_TRUE(begins_with((*opened.sections)[id], contents[id])) << name_of(id);
}

TEST(R2004, TakesALongRestForTheObjects) {
  SectionContents contents = small_drawing();
  contents[SectionId::objects] = random_bytes(3 * 29'696 + 500);
  Buffer file = testing::write_r2004(Version::r2004, contents);
  file.resize(address_of(file, kSectionMapTag));
  destroy(file, address_of_data_page(file, 3, 0), kDataPageHeaderBytes);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("DWG_PAGE_MISSING", "AcDb:AcDbObjects"));
  const Bytes found = (*opened.sections)[SectionId::objects];
  ASSERT_GE(found.size(), contents[SectionId::objects].size());
  EXPECT_TRUE(std::ranges::equal(found.subspan(29'696, 59'000),
                                 Bytes(contents[SectionId::objects]).subspan(29'696, 59'000)));
}

TEST(R2004, PrefersThePageThatTheSectionMapMeans) {
  SectionContents contents = small_drawing();
  Buffer file = testing::write_r2004(Version::r2004, contents);
  destroy(file, address_of(file, kPageMapTag), 4);
  // An older page of the objects (section 3) further back, of another size.
  const auto old = testing::pack_r2004(with_head(random_bytes(900), {0xCA, 0x0D, 0, 0}));
  testing::append_data_page(file, 3, 0, old);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(same(*opened.sections, contents));
}

TEST(R2004, ReadsADamagedPageAsFarAsItCan) {
  SectionContents contents = small_drawing();
  contents[SectionId::objects] = random_bytes(3 * 29'696);
  Buffer file = testing::write_r2004(Version::r2004, contents);
  destroy(file, address_of_data_page(file, 3, 29'696) + 5'000, 1);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("DWG_PAGE_CHECKSUM", "AcDb:AcDbObjects"));
  const Bytes found = (*opened.sections)[SectionId::objects];
  ASSERT_EQ(found.size(), contents[SectionId::objects].size());
  const auto differ = [&](std::size_t from, std::size_t count) {
    return !std::ranges::equal(found.subspan(from, count),
                               Bytes(contents[SectionId::objects]).subspan(from, count));
  };
  EXPECT_FALSE(differ(0, 29'696 + 4'000));
  EXPECT_TRUE(differ(29'696 + 4'000, 2'000));
  EXPECT_FALSE(differ(2 * 29'696, 29'696));
}

TEST(R2004, ReadsAPageWhoseHeadIsDamaged) {
  const SectionContents contents = small_drawing();
  Buffer file = testing::write_r2004(Version::r2004, contents);
  destroy(file, address_of_data_page(file, 3, 0), kDataPageHeaderBytes);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("DWG_PAGE_HEADER", "AcDb:AcDbObjects"));
  EXPECT_TRUE(same(*opened.sections, contents));
}

TEST(R2004, StopsAtTheLimit) {
  SectionContents contents = small_drawing();
  contents[SectionId::objects] = text_bytes(1'000'000);
  const Buffer file = testing::write_r2004(Version::r2004, contents);
  const Opened opened = open(file, 500'000);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("LIMIT_DECOMPRESSED"));
  std::size_t total = 0;
  for (unsigned id = 0; id < static_cast<unsigned>(SectionId::count_); ++id)
    total += (*opened.sections)[static_cast<SectionId>(id)].size();
  EXPECT_LE(total, 500'000u);
  EXPECT_GT(total, 300'000u);
}

// A section of one letter packs 100 times and more.
TEST(R2004, S18_APackedBombStopsAtTheRatio) {
  SectionContents contents = small_drawing();
  contents[SectionId::objects] = Buffer(40'000'000, std::byte{'x'});
  const Buffer file = testing::write_r2004(Version::r2004, contents);
  ASSERT_LT(file.size(), 350'000u);
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE(opened.has("LIMIT_DECOMPRESSED"));
  EXPECT_LE((*opened.sections)[SectionId::objects].size(), (16u << 20) + 64 * file.size());
}

TEST(R2004, RefusesAPassword) {
  Buffer file = testing::write_r2004(Version::r2004, small_drawing());
  file[0x18] = std::byte{1};
  const Opened opened = open(file);
  ASSERT_FALSE(opened.sections);
  EXPECT_EQ(opened.sections.error().code, ErrorCode::encrypted_drawing);
}

TEST(R2004, LeavesEncryptedPropertiesOut) {
  Buffer file = testing::write_r2004(Version::r2004, small_drawing());
  file[0x18] = std::byte{2};
  const Opened opened = open(file);
  ASSERT_TRUE(opened.sections);
  EXPECT_TRUE((*opened.sections)[SectionId::preview].empty());
  EXPECT_FALSE((*opened.sections)[SectionId::objects].empty());
}

TEST(R2004, RefusesAFileOfNothing) {
  Buffer file(4'096);
  const Opened opened = open(file);
  ASSERT_FALSE(opened.sections);
  EXPECT_EQ(opened.sections.error().code, ErrorCode::damaged_drawing);
}

}  // namespace
}  // namespace cad::dwg
