// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/header.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <string>

#include "formats/dwg/header_variables.hpp"
#include "formats/dwg/preview.hpp"
#include "formats/dwg/summary_info.hpp"
#include "formats/dwg/testing/corpus.hpp"
#include "test_paths.hpp"

namespace cad::dwg {
namespace {

std::vector<std::byte> bytes_of(std::string_view hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

// The header section of an empty R14 drawing, as the specification prints it in chapter 9.
constexpr std::string_view kPrintedHeader =
    "cf7b1f23fdde38a95f7c68b84e6d335fc7010000000007001fbf55d095405b6a51a9431a65ac405023302d02412a"
    "40501901aa90841906419064190640d469304124c926a666666666724fc9a9999999999a93f26a6666666666e4fc"
    "000000000000e03faaaa8000000000000e03f000000000000380fd8000000000000e03f5404b8b56525002d1a600"
    "08b56525002029e000a330f40002330f40003014d510f51105114511d511ca8408cb5781daf154410232d5e076bc"
    "5510408cb5781daf154410232d5e076bc5710408cb5781daf15c410232d5e076bc57100000000000000000000000"
    "0000000000000000000000a1000000000000008902a9a9942a10232d5e076bc5510408cb5781daf154410232d5e0"
    "76bc5510408cb5781daf15c410232d5e076bc5710408cb5781daf15c400000000000000000000000000000000000"
    "00000000028400000000000002240aa6a65030004000080018000000010290441102409444102b5e8dc0f42b1cfc"
    "000000000000b03f14ae07a17ad4760fc0ad7a3703d0ac73faa02b5e8dc0f42b1cfc0ad7a3703d0ab73f86666666"
    "666663940640ad7a3703d0ab73faaaa31013102310331053106310731083109310a310b510d510e310c511651195"
    "114511351151d558d4a034264b76e05b273084e0dc0221c756a0839747b192cca0";

constexpr FileHead kR14{.version = Version::r14, .code_page_index = 30};

struct Reading {
  explicit Reading(FileHead h) : head(h) {}
  Loader load() { return Loader(head, sections, context); }
  FileHead head;
  Sections sections;
  Limits limits;
  Diagnostics diagnostics;
  ReadContext context{limits, diagnostics};
};

TEST(DwgHeader, ReadsThePrintedExample) {
  const auto section = bytes_of(kPrintedHeader);
  Diagnostics diagnostics;
  auto frame = open_section_frame(section, kHeaderSentinel, kR14, "AcDb:Header", diagnostics);
  ASSERT_TRUE(frame);
  const Header header = read_header_variables(*frame, Version::r14).header;
  EXPECT_TRUE(diagnostics.all().empty());
  EXPECT_TRUE(frame->data.ok());
  EXPECT_LT(frame->data.bits_left(), 8u);
  EXPECT_EQ(header.ltscale, 1);
  EXPECT_EQ(header.celtscale, 1);
  EXPECT_EQ(header.dim_scale, 1);
  EXPECT_TRUE(header.psltscale);
  EXPECT_TRUE(header.fill_mode);
  EXPECT_TRUE(header.has_extents);
  EXPECT_EQ(header.extmin.x, 1e20);
  EXPECT_EQ(header.extmax.z, -1e20);
  EXPECT_EQ(header.created.substr(0, 10), "1998-02-24");
  EXPECT_EQ(header.modified.substr(0, 10), "1998-02-24");
}

TEST(DwgHeader, KeepsWhatStandsBeforeItsEnd) {
  const auto whole = bytes_of(kPrintedHeader);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Reading reading(kR14);
    reading.sections.set_view(SectionId::header, Bytes(whole).first(size));
    Loader loader = reading.load();
    read_header(loader);
    const Header& header = loader.drawing().header;
    EXPECT_EQ(header.ltscale, 1) << size;
    EXPECT_EQ(header.dim_scale, 1) << size;
    EXPECT_TRUE(!header.has_extents || header.extmin.x == 1e20) << size;
    // The closing checksum and sentinel may be missing, nothing else.
    EXPECT_EQ(reading.diagnostics.all().empty(), size >= 475) << size;
  }
}

TEST(DwgHeader, SaysWhenTheChecksumIsWrong) {
  auto section = bytes_of(kPrintedHeader);
  section[475] ^= std::byte{1};
  Reading reading(kR14);
  reading.sections.set_view(SectionId::header, section);
  Loader loader = reading.load();
  read_header(loader);
  ASSERT_EQ(reading.diagnostics.all().size(), 1u);
  EXPECT_EQ(reading.diagnostics.all()[0].code, "DWG_SECTION_CRC");
}

std::int32_t measurement(Version version, std::string_view hex) {
  const auto section = bytes_of(hex);
  Reading reading(FileHead{.version = version});
  reading.sections.set_view(SectionId::measurement, section);
  Loader loader = reading.load();
  read_header(loader);
  return loader.drawing().header.measurement;
}

TEST(DwgHeader, Measurement) {
  EXPECT_EQ(measurement(Version::r2000, "00000100"), 1);
  EXPECT_EQ(measurement(Version::r2004,
                        "0300616263"
                        "0000"),
            0);
  EXPECT_EQ(measurement(Version::r2010, "010000000100"), 1);
  EXPECT_EQ(measurement(Version::r2013, "00000100"), 1);
  EXPECT_EQ(measurement(Version::r2010, "01000000"), -1);
  EXPECT_EQ(measurement(Version::r2010, "ffff00000100"), -1);
  EXPECT_EQ(measurement(Version::r2010, "00000700"), -1);
  EXPECT_EQ(measurement(Version::r2010, ""), -1);
}

std::vector<std::byte> operator+(std::vector<std::byte> a, const std::vector<std::byte>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const auto kNoText = [] { return bytes_of("0000"); };
const auto kTimes = [] {
  return bytes_of(
      "0000000000000000"    // editing time
      "8c3d250080510100"    // day 2440588, 86.4 s
      "8d3d250000000000");  // a day later
};

TEST(DwgHeader, PropertiesInTheCodePage) {
  const auto section = bytes_of("0500506c616e00") + kNoText() + bytes_of("0200dc00") + kNoText() +
                       bytes_of("010000") + bytes_of("0300616200") + kNoText() + kNoText() +
                       kTimes();
  Reading reading(FileHead{.version = Version::r2004, .code_page_index = 30});
  Loader loader = reading.load();
  const SummaryInfo info = parse_summary_info(section, loader);
  EXPECT_EQ(info.title, "Plan");
  EXPECT_EQ(info.subject, "");
  EXPECT_EQ(info.author, "\xC3\x9C");
  EXPECT_EQ(info.comments, "");
  EXPECT_EQ(info.last_saved_by, "ab");
  EXPECT_FALSE(info.truncated);
  EXPECT_EQ(info.created, "1970-01-01T00:01:26.400Z");
  EXPECT_EQ(info.modified, "1970-01-02T00:00:00.000Z");
}

TEST(DwgHeader, PropertiesInUtf16) {
  const auto section = bytes_of("0300360341000000") + kNoText() + bytes_of("02003dd84bdc") +
                       kNoText() + kNoText() + bytes_of("010043000000") + kNoText() + kTimes();
  Reading reading(FileHead{.version = Version::r2010});
  reading.sections.set_view(SectionId::summary_info, section);
  Loader loader = reading.load();
  read_summary_info(loader);
  const Header& header = loader.drawing().header;
  EXPECT_EQ(header.title,
            "\xCC\xB6"
            "A");
  EXPECT_EQ(header.author, "\xF0\x9F\x91\x8B");
  EXPECT_EQ(header.last_saved_by, "C");
  EXPECT_TRUE(reading.diagnostics.all().empty());
}

TEST(DwgHeader, PropertiesThatEndTooEarly) {
  const auto section = bytes_of("0200410000004200ffff4300");
  Reading reading(FileHead{.version = Version::r2010});
  reading.sections.set_view(SectionId::summary_info, section);
  Loader loader = reading.load();
  read_summary_info(loader);
  EXPECT_EQ(loader.drawing().header.title, "A");
  EXPECT_EQ(loader.drawing().header.author, "");
  ASSERT_EQ(reading.diagnostics.all().size(), 1u);
  EXPECT_EQ(reading.diagnostics.all()[0].code, "DWG_SUMMARY_TRUNCATED");
}

constexpr std::string_view kPreviewStart = "1f256d07d43628289d57ca3f9d44102b";

// A directory of two (header data, an image), header data of 2 bytes, an image of 3.
std::vector<std::byte> preview_section(std::string_view code, std::string_view image_place) {
  return bytes_of(kPreviewStart) +
         bytes_of(
             "1700000002"
             "012710000002000000") +
         bytes_of(code) + bytes_of(image_place) +
         bytes_of(
             "0000"
             "abcdef");
}

std::optional<PreviewImage> preview_of(const std::vector<std::byte>& section) {
  Sections sections;
  sections.set_view(SectionId::preview, section);
  const FileHead head{.version = Version::r2013, .preview_address = 0x1000};
  return embedded_preview({}, head, sections);
}

TEST(DwgPreview, FindsTheImage) {
  const auto section = preview_section("06", "2910000003000000");
  const auto preview = preview_of(section);
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->kind, PreviewImage::Kind::png);
  ASSERT_EQ(preview->data.size(), 3u);
  EXPECT_EQ(preview->data[0], std::byte{0xab});
}

TEST(DwgPreview, StandsInTheFileBefore2004) {
  const auto file = bytes_of("00000000") + bytes_of(kPreviewStart) + bytes_of("0c00000001") +
                    bytes_of(
                        "02"
                        "22000000"
                        "02000000") +
                    bytes_of("1122");
  const FileHead head{.version = Version::r2000, .preview_address = 4};
  const auto preview = embedded_preview(file, head, Sections());
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->kind, PreviewImage::Kind::bitmap);
  EXPECT_EQ(preview->data[1], std::byte{0x22});
}

TEST(DwgPreview, WhatCannotBeIsNone) {
  EXPECT_FALSE(preview_of(preview_section("06", "2910000004000000")));  // longer than the section
  EXPECT_FALSE(preview_of(preview_section("06", "29000000ffffffff")));  // before its address
  EXPECT_FALSE(preview_of(preview_section("05", "2910000003000000")));  // no image
  EXPECT_FALSE(preview_of(preview_section("06", "2910000000000000")));  // empty
  EXPECT_FALSE(preview_of(bytes_of(kPreviewStart) + bytes_of("00000000ff")));
  EXPECT_FALSE(preview_of(bytes_of("00")));
}

void expect_whole_header(Bytes file, const std::string& name) {
  const auto version = version_of(file);
  ASSERT_TRUE(version) << name;
  const FileHead head{.version = *version,
                      .maintenance = u8(file, 0x0B),
                      .preview_address = u32(file, 0x0D),
                      .code_page_index = u16(file, 0x13),
                      .security_flags = *version >= Version::r2004 ? u32(file, 0x18) : 0};
  const Limits limits;
  Diagnostics diagnostics;
  const auto sections = open_sections(file, head, {limits, diagnostics});
  ASSERT_TRUE(sections) << name;
  auto frame = open_section_frame((*sections)[SectionId::header], kHeaderSentinel, head,
                                  "AcDb:Header", diagnostics);
  ASSERT_TRUE(frame) << name;
  read_header_variables(*frame, head.version);
  EXPECT_TRUE(frame->data.ok() && frame->strings.ok() && frame->handles.ok()) << name;
  EXPECT_EQ(frame->strings.bits_left(), 0u) << name;
  // What is padded: all of it before 2007, later the handles.
  EXPECT_LE(frame->data.bits_left(), *version >= Version::r2007 ? 0u : 8u) << name;
  EXPECT_LE(frame->handles.bits_left(), 9u) << name;
  for (const Diagnostic& diagnostic : diagnostics.all())
    EXPECT_NE(diagnostic.subject, "AcDb:Header") << to_sentence(diagnostic);
}

TEST(DwgHeader, EveryDrawingOfTheCorpusToItsEnd) {
  const auto files = testing::corpus_drawings(cad::test_paths::source_dir);
  if (files.empty() && !testing::corpus_is_required())
    GTEST_SKIP() << "no corpus (set CADLENS_CORPUS)";
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) expect_whole_header(testing::read_file(path), path.string());
}

}  // namespace
}  // namespace cad::dwg
