// SPDX-License-Identifier: Apache-2.0
// Every drawing of the corpus in R2004's container opens without a word.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/testing/corpus.hpp"
#include "test_paths.hpp"

namespace cad::dwg {
namespace {

std::string head_of(Bytes bytes, std::size_t count) {
  const Bytes head = slice(bytes, 0, count);
  return {reinterpret_cast<const char*>(head.data()), head.size()};
}

void expect_whole(Bytes file, Version version) {
  const Limits limits;
  Diagnostics diagnostics;
  const FileHead head{.version = version, .security_flags = u32(file, 0x18)};
  const auto sections = open_r2004(file, head, {limits, diagnostics});
  ASSERT_TRUE(sections) << sections.error().message;
  for (const Diagnostic& diagnostic : diagnostics.all()) ADD_FAILURE() << to_sentence(diagnostic);
  EXPECT_EQ(head_of((*sections)[SectionId::header], 16),
            "\xCF\x7B\x1F\x23\xFD\xDE\x38\xA9\x5F\x7C\x68\xB8\x4E\x6D\x33\x5F");
  EXPECT_EQ(head_of((*sections)[SectionId::classes], 16),
            "\x8D\xA1\xC4\xB8\xC4\xA9\xF8\xC5\xC0\xDC\xF4\x5F\xE7\xCF\xB6\x8A");
  EXPECT_EQ(u32((*sections)[SectionId::objects], 0), 0x0DCAu);
  EXPECT_EQ(head_of((*sections)[SectionId::preview], 4), "\x1F\x25\x6D\x07");
  EXPECT_GT((*sections)[SectionId::object_map].size(), 100u);
  EXPECT_GE((*sections)[SectionId::measurement].size(), 4u);
}

template <class Check>
void each_drawing(Check check) {
  const auto files = testing::corpus_drawings(cad::test_paths::source_dir);
  if (files.empty() && !testing::corpus_is_required())
    GTEST_SKIP() << "no corpus (set CADLENS_CORPUS)";
  int opened = 0;
  for (const auto& path : files) {
    const auto file = testing::read_file(path);
    const auto version = version_of(file);
    if (!version || *version < Version::r2004 || *version == Version::r2007) continue;
    SCOPED_TRACE(path.filename().string());
    check(file, *version);
    ++opened;
  }
  EXPECT_GE(opened, 40);
}

TEST(CorpusR2004, OpensWithoutDiagnostics) { each_drawing(expect_whole); }

Sections open(Bytes file, Version version) {
  const Limits limits;
  Diagnostics diagnostics;
  auto sections = open_r2004(file, {.version = version}, {limits, diagnostics});
  EXPECT_TRUE(sections);
  return sections ? std::move(*sections) : Sections{};
}

void destroy(std::vector<std::byte>& file, std::uint64_t at) {
  for (std::size_t i = 0; i < 32 && at + i < file.size(); ++i) file[at + i] ^= std::byte{0x5A};
}

constexpr std::array kNeeded{SectionId::header, SectionId::classes, SectionId::object_map,
                             SectionId::objects};

void destroy_all(std::vector<std::byte>& file, std::uint32_t tag) {
  for (std::size_t at = kR2004PagesAt; at < file.size(); at += kPageAlignment)
    if (u32(file, at) == tag) destroy(file, at);
}

// Saving again leaves old pages and maps behind; with either map the right ones are chosen.
void expect_recovery(Bytes file, Version version) {
  const Sections whole = open(file, version);
  std::vector<std::byte> without_page_map(file.begin(), file.end());
  destroy_all(without_page_map, kPageMapTag);
  const Sections by_section_map = open(without_page_map, version);
  std::vector<std::byte> without_section_map(file.begin(), file.end());
  destroy_all(without_section_map, kSectionMapTag);
  const Sections by_content = open(without_section_map, version);
  for (const SectionId id : kNeeded) {
    SCOPED_TRACE(name_of(id));
    EXPECT_TRUE(std::ranges::equal(whole[id], by_section_map[id]));
    // As long as its pages are.
    EXPECT_TRUE(std::ranges::equal(whole[id], slice(by_content[id], 0, whole[id].size())));
  }
}

TEST(CorpusR2004, RecoversWithoutMaps) { each_drawing(expect_recovery); }

}  // namespace
}  // namespace cad::dwg
