// SPDX-License-Identifier: Apache-2.0
// Every R2007 drawing of the corpus opens without a word.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/testing/corpus.hpp"
#include "test_paths.hpp"

namespace cad::dwg {
namespace {

std::string head_of(Bytes bytes, std::size_t count) {
  const Bytes head = slice(bytes, 0, count);
  return {reinterpret_cast<const char*>(head.data()), head.size()};
}

void expect_whole(Bytes file) {
  const Limits limits;
  Diagnostics diagnostics;
  const FileHead head{.version = Version::r2007, .security_flags = u32(file, 0x18)};
  const auto sections = open_r2007(file, head, {limits, diagnostics});
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

// One wrong byte here and there, all through the file: the drawing is the same.
void expect_mended(std::vector<std::byte> file) {
  const Limits limits;
  Diagnostics ignored, diagnostics;
  const FileHead head{.version = Version::r2007};
  const auto whole = open_r2007(file, head, {limits, ignored});
  std::mt19937 random(3);
  for (std::size_t at = 0x80; at < file.size(); at += 3000 + random() % 3000)
    file[at] ^= static_cast<std::byte>(1 + random() % 255);
  const auto mended = open_r2007(file, head, {limits, diagnostics});
  ASSERT_TRUE(whole && mended);
  for (std::size_t i = 0; i < static_cast<std::size_t>(SectionId::count_); ++i) {
    const auto id = static_cast<SectionId>(i);
    EXPECT_TRUE(std::ranges::equal((*whole)[id], (*mended)[id])) << name_of(id);
  }
  EXPECT_FALSE(diagnostics.all().empty());
  for (const Diagnostic& d : diagnostics.all()) EXPECT_EQ(d.code, "DWG_REPAIRED") << to_sentence(d);
}

TEST(CorpusR2007, OpensWithoutDiagnosticsAndMendsWrongBytes) {
  const auto files = testing::corpus_drawings(cad::test_paths::source_dir);
  if (files.empty() && !testing::corpus_is_required())
    GTEST_SKIP() << "no corpus (set CADLENS_CORPUS)";
  int opened = 0;
  for (const auto& path : files) {
    const auto file = testing::read_file(path);
    if (version_of(file) != Version::r2007) continue;
    SCOPED_TRACE(path.filename().string());
    expect_whole(file);
    expect_mended(file);
    ++opened;
  }
  EXPECT_GE(opened, 7);
}

}  // namespace
}  // namespace cad::dwg
