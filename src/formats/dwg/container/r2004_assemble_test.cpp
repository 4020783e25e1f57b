// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2004_assemble.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "formats/dwg/testing/container_writer_r2004.hpp"
#include "formats/dwg/testing/lz77_r2004_packer.hpp"

namespace cad::dwg {
namespace {

using Buffer = std::vector<std::byte>;

Buffer filled(std::size_t size, char with) { return Buffer(size, static_cast<std::byte>(with)); }

// A file of data pages of section 5 and a plan that names them.
struct Case {
  Buffer file;
  SectionPlan plan{.number = 5, .page_size = 16};
  Diagnostics diagnostics;
  std::size_t most = 1u << 20;
  std::size_t spent = 0;

  explicit Case(bool compressed = true) { plan.compressed = compressed; }

  void add(std::uint64_t start, Bytes payload) {
    const auto at = testing::append_data_page(file, 5, start, payload);
    plan.pages.push_back({at, 0x1000, payload.size(), start});
  }
  void add(std::uint64_t start, std::size_t size, char with) {
    const Buffer content = filled(size, with);
    add(start, plan.compressed ? testing::pack_r2004(content) : content);
  }
  std::string run() {
    Budget budget(most);
    const SectionBytes section = assemble_section(file, plan, "S", budget, diagnostics);
    spent = most - budget.left();
    const Bytes bytes = section.owned.empty() ? section.view : Bytes(section.owned);
    std::string text(bytes.size(), '?');
    std::ranges::transform(bytes, text.begin(), [](std::byte b) {
      return b == std::byte{} ? '0' : static_cast<char>(b);
    });
    return text;
  }
  std::string told() const {
    std::string codes;
    for (const Diagnostic& d : diagnostics.all()) codes += d.code + ' ';
    return codes;
  }
};

TEST(R2004Assemble, PutsPagesInOrderOfTheirStarts) {
  Case c;
  c.add(16, 16, 'b');
  c.add(0, 16, 'a');
  c.plan.size = 20;
  EXPECT_EQ(c.run(), std::string(16, 'a') + "bbbb");
  EXPECT_EQ(c.told(), "");
  EXPECT_EQ(c.spent, 32u);
}

TEST(R2004Assemble, FillsGapsAndTheEndWithZeros) {
  Case c;
  c.add(8, 4, 'a');
  c.plan.size = 15;
  EXPECT_EQ(c.run(), "00000000aaaa000");
  EXPECT_EQ(c.told(), "");
  EXPECT_EQ(c.spent, 15u);
}

TEST(R2004Assemble, DoesNotBelieveASize) {
  Case c;
  c.add(0, 16, 'a');
  c.plan.size = std::uint64_t{1} << 60;
  EXPECT_EQ(c.run(), std::string(16, 'a'));
  EXPECT_EQ(c.told(), "DWG_SECTION_TRUNCATED ");
}

TEST(R2004Assemble, DoesNotBelieveAStart) {
  Case c;
  c.add(0, 16, 'a');
  c.add(std::uint64_t{1} << 59, 16, 'b');
  c.plan.size = 16;
  EXPECT_EQ(c.run(), std::string(16, 'a'));
  EXPECT_EQ(c.told(), "DWG_PAGE_MISPLACED ");
  Case far;
  far.add(0, 16, 'a');
  far.add(std::uint64_t{1} << 59, 16, 'b');
  far.plan.size = std::uint64_t{1} << 60;
  EXPECT_EQ(far.run(), std::string(16, 'a'));
  EXPECT_EQ(far.told(), "DWG_PAGE_MISPLACED DWG_SECTION_TRUNCATED ");
}

TEST(R2004Assemble, UsesOnePageForAPlace) {
  Case c;
  c.add(0, 16, 'a');
  c.add(0, 16, 'b');
  c.add(12, 4, 'c');
  EXPECT_EQ(c.run(), std::string(12, 'a') + "cccc");
  EXPECT_EQ(c.told(), "DWG_PAGE_OVERLAP ");
}

TEST(R2004Assemble, UnpacksNoMoreThanAPage) {
  Case c;
  c.add(0, 17, 'a');
  EXPECT_EQ(c.run(), std::string(16, 'a'));
  EXPECT_EQ(c.told(), "DWG_PAGE_DAMAGED ");
}

TEST(R2004Assemble, StopsAtTheLimit) {
  Case c;
  for (std::uint64_t i = 0; i < 10; ++i) c.add(16 * i, 16, 'a');
  c.plan.size = 160;
  c.most = 40;
  EXPECT_EQ(c.run(), std::string(40, 'a'));
  EXPECT_EQ(c.spent, 40u);
  EXPECT_EQ(c.told(), "LIMIT_DECOMPRESSED DWG_SECTION_TRUNCATED ");
}

TEST(R2004Assemble, TellsOfACutPage) {
  Case c(false);
  c.add(0, 16, 'a');
  c.add(16, 16, 'b');
  c.plan.size = 30;
  c.file.resize(c.file.size() - 10);
  EXPECT_EQ(c.run(), std::string(16, 'a') + "bbbbbb" + std::string(8, '0'));
  EXPECT_EQ(c.told(), "DWG_PAGE_TRUNCATED ");
}

TEST(R2004Assemble, ShowsAStoredSectionWhereItIs) {
  Case c(false);
  c.add(0, 32, 'a');
  c.plan.size = 20;
  EXPECT_EQ(c.run(), std::string(20, 'a'));
  EXPECT_EQ(c.spent, 0u);
}

TEST(R2004Assemble, GivesNothingForASectionWithoutPages) {
  Case c;
  c.plan.size = 20;
  c.plan.lost_pages = true;
  EXPECT_EQ(c.run(), "");
  EXPECT_EQ(c.told(), "DWG_PAGE_MISSING ");
  c.plan.lost_pages = false;  // nothing but zeros, which are not stored
  EXPECT_EQ(c.run(), std::string(20, '0'));
}

TEST(R2004Assemble, TellsOfWrongChecksums) {
  for (std::size_t i = 0; i < 0x20 + 16; ++i) {
    Case c(false);
    c.add(0, 16, 'a');
    c.plan.size = 16;
    c.file[i] ^= std::byte{0x20};
    EXPECT_EQ(c.run().size(), 16u);
    EXPECT_EQ(c.told(), i < 0x20 ? "DWG_PAGE_HEADER " : "DWG_PAGE_CHECKSUM ") << i;
  }
}

}  // namespace
}  // namespace cad::dwg
