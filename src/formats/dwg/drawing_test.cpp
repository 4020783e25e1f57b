// SPDX-License-Identifier: Apache-2.0
// Whole drawings through every container.
#include <gtest/gtest.h>

#include "formats/dwg/census.hpp"
#include "formats/dwg/format.hpp"
#include "formats/dwg/testing/corpus.hpp"
#include "formats/dwg/testing/drawing_writer.hpp"
#include "test_paths.hpp"

namespace cad::dwg {
namespace {

class EveryRelease : public ::testing::TestWithParam<Version> {};

constexpr Version kAll[] = {Version::r13,   Version::r14,   Version::r2000, Version::r2004,
                            Version::r2007, Version::r2010, Version::r2013, Version::r2018};

const Entity* with_handle(const Drawing& drawing, Handle handle) {
  for (const Block& block : drawing.blocks)
    for (const Entity& entity : block.entities)
      if (entity.handle == handle) return &entity;
  return nullptr;
}

TEST_P(EveryRelease, GivesTheSameDrawing) {
  const std::vector<std::byte> file = testing::write_drawing(GetParam());
  const Limits limits;
  Diagnostics diagnostics;
  Audit audit;
  const auto drawing = read(file, {limits, diagnostics}, audit);
  ASSERT_TRUE(drawing) << drawing.error().message;
  EXPECT_EQ(drawing->version, code_of(GetParam()));
  ASSERT_EQ(drawing->layers.size(), 2u);
  EXPECT_EQ(drawing->layers[1].name, "W\xC3\xA4nde");
  EXPECT_EQ(drawing->layers[1].color, Color::aci(1));
  const Entity* const line = with_handle(*drawing, 0x30);
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->layer.index, 1u);
  EXPECT_EQ(std::get<Line>(line->geometry).start, (Vec3{1, 2, 0}));
  EXPECT_EQ(std::get<Line>(line->geometry).end, (Vec3{3, 4, 5}));
  const Entity* const circle = with_handle(*drawing, 0x31);
  ASSERT_NE(circle, nullptr);
  EXPECT_EQ(std::get<Circle>(circle->geometry).radius, 2.5);
  EXPECT_EQ(std::get<Circle>(circle->geometry).center, (Vec3{7, 8, 0}));
  ASSERT_FALSE(drawing->layouts.empty());
  EXPECT_EQ(drawing->at(drawing->layouts[0].block).entities.size(), 2u);
  EXPECT_TRUE(audit.census.balanced());
  EXPECT_EQ(audit.census.objects, 9u);
  EXPECT_EQ(audit.census.entities, 2u);
  EXPECT_EQ(audit.census.structure, 2u);
  EXPECT_EQ(audit.census.declared, 0u);
  EXPECT_TRUE(audit.leftovers.empty());
}

// Whatever is cut off or turned over: a reason or a drawing, never a crash.
TEST_P(EveryRelease, SurvivesDamage) {
  const std::vector<std::byte> whole = testing::write_drawing(GetParam());
  Limits limits;
  limits.max_decompressed_bytes = 1 << 22;
  const auto survives = [&](Bytes bytes) {
    Diagnostics diagnostics;
    const auto drawing = read(bytes, {limits, diagnostics});
    EXPECT_TRUE(drawing ? !drawing->layouts.empty() : !drawing.error().message.empty());
  };
  for (std::size_t size = 6; size < whole.size(); size += 1 + whole.size() / 97)
    survives(Bytes(whole).first(size));
  for (std::size_t at = 6; at < whole.size(); at += 1 + whole.size() / 499) {
    std::vector<std::byte> flipped = whole;
    flipped[at] ^= static_cast<std::byte>(1u << at % 8);
    survives(flipped);
  }
}

TEST_P(EveryRelease, IsReadWithoutItsObjectMap) {
  if (GetParam() >= Version::r2004) GTEST_SKIP() << "the map lies in a compressed page";
  std::vector<std::byte> file = testing::write_drawing(GetParam());
  for (std::size_t i = file.size() - 12; i < file.size(); ++i) file[i] = std::byte{0};
  const Limits limits;
  Diagnostics diagnostics;
  const auto drawing = read(file, {limits, diagnostics});
  ASSERT_TRUE(drawing) << drawing.error().message;
  EXPECT_NE(with_handle(*drawing, 0x30), nullptr);
  EXPECT_FALSE(diagnostics.all().empty());
}

std::string name_of_case(const ::testing::TestParamInfo<Version>& of) {
  return std::string(code_of(of.param));
}

INSTANTIATE_TEST_SUITE_P(Dwg, EveryRelease, ::testing::ValuesIn(kAll), name_of_case);

// Nothing is dropped undeclared: every object of every drawing of the corpus is accounted for.
TEST(DwgCorpus, EveryObjectIsAccountedFor) {
  const auto files = testing::corpus_drawings(cad::test_paths::source_dir);
  if (files.empty() && !testing::corpus_is_required()) GTEST_SKIP() << "no corpus";
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) {
    const std::vector<std::byte> file = testing::read_file(path);
    const Limits limits;
    Diagnostics diagnostics;
    Audit audit;
    const auto drawing = read(file, {limits, diagnostics}, audit);
    ASSERT_TRUE(drawing) << path << ": " << drawing.error().message;
    std::uint64_t entities = 0;
    for (const Block& block : drawing->blocks) {
      entities += block.entities.size();
      for (const Entity& entity : block.entities)
        if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry))
          entities += (*insert)->attributes.size();
    }
    std::uint64_t counted = 0;
    for (const Diagnostic& diagnostic : diagnostics.all())
      if (diagnostic.code == "DWG_ENTITY_WITHOUT_OWNER" ||
          diagnostic.code == "DWG_PART_WITHOUT_OWNER" ||
          diagnostic.code == "DWG_OBJECT_UNREADABLE" || diagnostic.code == "DWG_ENTITY_UNREADABLE")
        counted += diagnostic.count;
    EXPECT_TRUE(audit.census.balanced()) << path;
    EXPECT_EQ(audit.census.entities, entities) << path;
    EXPECT_EQ(audit.census.declared, counted) << path;
  }
}

}  // namespace
}  // namespace cad::dwg
