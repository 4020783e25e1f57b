// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

constexpr std::string_view kHead = R"(
    0 ACAD_TABLE
    100 AcDbEntity
    8 0
    100 AcDbBlockReference
    2 *T3
    10 1
    20 2
    100 AcDbTable
    280 0
    342 2A
    11 0
    21 1
    90 22
)";

Read table(std::string_view rest) {
  return read_entities(groups(std::string(kHead) + std::string(rest)));
}

TEST(DxfTable, ReadsCellsFromBefore2007) {
  const Read read = table(R"(
    91 2
    92 2
    70 1
    281 1
    141 10
    141 20
    142 30
    142 40
    171 1
    173 0
    175 2
    176 1
    177 0
    145 0
    2 Ti
    1 tle
    140 4
    170 5
    171 1
    173 1
    175 1
    176 1
    1 hidden
    171 1
    1 a
    171 2
    145 1.5
    340 99
    144 0.5
    179 1
    331 7
    300 attribute
  )");
  const auto& t = first<Table>(read);
  EXPECT_EQ(read.drawing.at(t.block).name, "*T3");
  EXPECT_EQ(t.position, (Vec3{1, 2, 0}));
  EXPECT_EQ(t.x_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(t.style, 0x2Au);
  EXPECT_EQ(t.rows, 2u);
  EXPECT_EQ(t.columns, 2u);
  EXPECT_EQ(t.flow, 1);
  EXPECT_TRUE(t.header_suppressed);
  EXPECT_EQ(t.row_heights, (std::vector<double>{10, 20}));
  EXPECT_EQ(t.column_widths, (std::vector<double>{30, 40}));
  ASSERT_EQ(t.cells.size(), 4u);
  EXPECT_EQ(t.cells[0].value, "Title");
  EXPECT_EQ(t.cells[0].column_span, 2u);
  EXPECT_EQ(t.cells[0].text_height, 4);
  EXPECT_EQ(t.cells[0].alignment, 5);
  EXPECT_TRUE(t.cells[1].covered);
  EXPECT_EQ(t.cells[2].value, "a");
  EXPECT_EQ(t.cells[3].rotation, 1.5);
  EXPECT_EQ(t.cells[3].block_scale, 0.5);
  EXPECT_EQ(t.cells[3].attributes, (std::vector<std::string>{"attribute"}));
  EXPECT_EQ(read.diagnostic("TABLE_CELLS_MISSING"), nullptr);
}

TEST(DxfTable, ReadsCellValuesFrom2007On) {
  const Read read = table(R"(
    91 1
    92 3
    171 1
    92 0
    301 CELL_VALUE
    93 2
    90 4
    1 text
    94 0
    300 %tc1
    302 text
    304 ACVALUE_END
    171 1
    92 0
    301 CELL_VALUE
    90 2
    140 2.5
    300 %lu2
    303 two
    302  and a half
    304 ACVALUE_END
    171 1
    301 CELL_VALUE
    90 4
    2 only
    1  stored
    302
    304 ACVALUE_END
    140 8
  )");
  const auto& t = first<Table>(read);
  ASSERT_EQ(t.cells.size(), 3u);
  EXPECT_EQ(t.cells[0].value, "text");
  EXPECT_TRUE(t.cells[0].attributes.empty());
  EXPECT_EQ(t.cells[1].value, "two and a half");
  EXPECT_EQ(t.cells[1].text_height, 0);  // 140 was the value
  EXPECT_EQ(t.cells[2].value, "only stored");
  EXPECT_EQ(t.cells[2].text_height, 8);
}

TEST(DxfTable, SizesAreBelievedOnlyAsFarAsCellsCame) {
  const Read huge = table("91 4000000000\n92 4000000000\n171 1\n1 a\n171 1\n1 b\n");
  EXPECT_EQ(first<Table>(huge).rows, 1u);
  EXPECT_EQ(first<Table>(huge).columns, 2u);
  EXPECT_EQ(first<Table>(huge).cells.size(), 2u);
  EXPECT_NE(huge.diagnostic("TABLE_CELLS_MISSING"), nullptr);
  const Read short_row = table("91 3\n92 2\n171 1\n1 a\n171 1\n1 b\n171 1\n1 c\n");
  EXPECT_EQ(first<Table>(short_row).rows, 2u);
  EXPECT_EQ(first<Table>(short_row).cells.size(), 4u);
  EXPECT_EQ(first<Table>(short_row).cells[2].value, "c");
  const Read too_many = table("91 1\n92 1\n171 1\n1 a\n171 1\n1 b\n");
  EXPECT_EQ(first<Table>(too_many).cells.size(), 1u);
  const Read none = table("91 2\n92 2\n");
  EXPECT_TRUE(first<Table>(none).cells.empty());
  EXPECT_EQ(first<Table>(none).rows, 0u);
}

TEST(DxfTable, SpansStayInsideTheTable) {
  const Read read = table("91 1\n92 2\n171 1\n175 2000000000\n176 77\n1 a\n171 1\n175 0\n1 b\n");
  const auto& t = first<Table>(read);
  EXPECT_EQ(t.cells[0].column_span, 2u);
  EXPECT_EQ(t.cells[0].row_span, 1u);
  EXPECT_EQ(t.cells[1].column_span, 1u);
}

}  // namespace
}  // namespace cad::dxf
