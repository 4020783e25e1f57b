// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/table.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "formats/dwg/testing/object_writer.hpp"

namespace cad::dwg {
namespace {

using testing::BitWriter;
using testing::ObjectWriter;

constexpr Handle kSelf = 0x528, kStyle = 0x87;
constexpr std::uint16_t kType = 502;

struct Read {
  Limits limits;
  Diagnostics diagnostics;
  Entity entity;
  bool ok = false;
  std::uint64_t left_over = 0;
  const Table& table() const { return *std::get<Indirect<Table>>(entity.geometry); }
  bool says(std::string_view code) const {
    for (const auto& diagnostic : diagnostics.all())
      if (diagnostic.code == code) return true;
    return false;
  }
};

std::unique_ptr<Read> read(const ObjectWriter& object, std::size_t max_vertices = 100'000) {
  auto result = std::make_unique<Read>();
  result->limits.max_total_vertices = max_vertices;
  const ReadContext context{result->limits, result->diagnostics};
  FileHead head;
  head.version = object.version();
  Sections sections;
  sections.set_owned(SectionId::objects, object.frame(kType, kSelf));
  Loader loader(head, sections, context);
  loader.index_objects({{kSelf, 0}}, {});
  EntityIn in(loader.open(loader.slots()[0]), result->entity);
  in.read_common();
  EXPECT_TRUE(in.all_ok());
  result->entity.geometry = read_table(in);
  result->ok = in.all_ok();
  result->left_over = in.bits_left() + in.strings().bits_left() + in.handles().bits_left() / 8 * 8;
  return result;
}

ObjectWriter start(Version version) {
  ObjectWriter out(version);
  out.entity_common(0x10);
  out.data.bd3({1, 2, 3});
  version < Version::r2000 ? out.data.bd3({1, 1, 1}) : out.data.bb(3);  // no scale
  out.data.bd(0).bd3({0, 0, 1}).b(false);                               // no attributes
  out.handles.h(5, 0x570);                                              // block
  return out;
}

void put_color(BitWriter& data) { data.bs(0).bl(0xC3000005).rc(0); }  // the full form, always

// --- until 2007

void put_size(ObjectWriter& out, std::int64_t columns, std::int64_t rows) {
  out.data.bs(22).bd3({0, 1, 0}).bl(columns).bl(rows);
}

void put_value(ObjectWriter& out, std::u16string_view shown) {
  if (!out.from(Version::r2007)) return;
  out.data.bl(0).bl(4).bl(4).bl(4).rs('x').rs(0).bl(0);
  out.strings.tu(u"").tu(shown);
}

void put_cell(ObjectWriter& out, std::string_view text, std::u16string_view units,
              std::int64_t across = 1, std::int64_t down = 1, bool covered = false) {
  out.data.bs(1).rc(0).b(covered).b(false).bl(across).bl(down).bd(0.5);
  out.handles.h(5, 0);
  if (!out.from(Version::r2007)) out.data.t8(text);
  out.data.b(false);
  put_value(out, units);
}

void put_block_cell(ObjectWriter& out) {
  out.data.bs(2).rc(0).b(false).b(true).bl(1).bl(1).bd(0);
  out.handles.h(5, 0xA0B);
  out.data.bd(2.5).b(true).bs(2);
  for (const std::string_view text : {"one", "two"}) {
    out.handles.h(4, 0x99);
    out.data.bs(1);
    out.text(text, text == "one" ? u"one" : u"two");
  }
  // Alignment, fill, its color, text color, style, height; of the top edge and the left one.
  out.data.b(true).bl(0x6667F).rc(0).bs(5).b(true);
  put_color(out.data);
  put_color(out.data);
  out.handles.h(5, 0x11);
  out.data.bd(4);
  put_color(out.data);
  out.data.bs(40).bs(1);
  put_color(out.data);
  out.data.bs(40).bs(1);
  if (out.from(Version::r2007)) {
    out.data.bl(0).bl(1).bl(4).bl(0);
    out.strings.tu(u"").tu(u"");
  }
}

void put_overrides(ObjectWriter& out) {
  // Title suppressed, header suppressed, flow, margins, three colors, three heights.
  out.data.b(true).bl(0x7000FF).b(true).bs(1).bd(0.1).bd(0.2);
  for (int i = 0; i < 3; ++i) put_color(out.data);
  out.data.bd(1).bd(2).bd(3);
  out.data.b(true).bl(0x20001);
  put_color(out.data);
  put_color(out.data);
  out.data.b(true).bl(0x3).bs(13).bs(13);
  out.data.b(true).bl(0x8).bs(1);
}

class OldTable : public ::testing::TestWithParam<Version> {};

TEST_P(OldTable, ReadsCellsBlocksAndOverrides) {
  ObjectWriter out = start(GetParam());
  put_size(out, 2, 2);
  out.data.bd(10).bd(20).bd(1).bd(2);
  out.handles.h(5, kStyle);
  put_cell(out, "Title", u"Title", 2, 1);
  put_cell(out, "", u"", 1, 1, true);
  put_cell(out, "A\\PB", u"A\\PB", 9, 9);
  put_block_cell(out);
  put_overrides(out);
  const auto read = dwg::read(out);
  ASSERT_TRUE(read->ok);
  EXPECT_EQ(read->left_over, 0u);
  const Table& t = read->table();
  EXPECT_EQ(t.position, (Vec3{1, 2, 3}));
  EXPECT_EQ(t.x_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(t.style, kStyle);
  EXPECT_EQ(t.column_widths, (std::vector<double>{10, 20}));
  EXPECT_EQ(t.row_heights, (std::vector<double>{1, 2}));
  EXPECT_TRUE(t.title_suppressed && t.header_suppressed);
  EXPECT_EQ(t.flow, 1);
  ASSERT_EQ(t.cells.size(), 4u);
  EXPECT_EQ(t.cells[0].value, "Title");
  EXPECT_EQ(t.cells[0].column_span, 2u);
  EXPECT_EQ(t.cells[0].rotation, 0.5);
  EXPECT_TRUE(t.cells[1].covered);
  EXPECT_EQ(t.cells[2].value, "A\\PB");
  EXPECT_EQ(t.cells[2].column_span, 2u);  // not beyond the table
  EXPECT_EQ(t.cells[2].row_span, 1u);
  EXPECT_EQ(t.cells[3].block_scale, 2.5);
  EXPECT_EQ(t.cells[3].attributes, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(t.cells[3].alignment, 5);
  EXPECT_EQ(t.cells[3].text_height, 4);
}

TEST_P(OldTable, BelievesNoCountThatDoesNotFit) {
  for (const auto& [columns, rows] :
       {std::pair{1'000'000'000, 1}, {1, 1'000'000'000}, {0x7fffffff, 0x7fffffff}, {-1, -1}}) {
    ObjectWriter out = start(GetParam());
    put_size(out, columns, rows);
    out.data.bd(10);
    out.handles.h(5, kStyle);
    const auto read = dwg::read(out);
    EXPECT_FALSE(read->ok);
    EXPECT_TRUE(read->table().cells.empty());
  }
}

TEST_P(OldTable, StopsAtTheBudget) {
  ObjectWriter out = start(GetParam());
  put_size(out, 1, 40);
  out.data.bd(10);
  for (int i = 0; i < 40; ++i) out.data.bd(1);
  out.handles.h(5, kStyle);
  for (int i = 0; i < 40; ++i) put_cell(out, "x", u"x");
  out.data.b(false).b(false).b(false).b(false);
  const auto read = dwg::read(out, 100);
  EXPECT_TRUE(read->ok);
  EXPECT_EQ(read->left_over, 0u);
  EXPECT_TRUE(read->says("LIMIT_VERTICES"));
  EXPECT_TRUE(read->says("TABLE_CELLS_MISSING"));
  EXPECT_LT(read->table().cells.size(), 40u);
  EXPECT_EQ(read->table().cells.size(), read->table().rows);
}

INSTANTIATE_TEST_SUITE_P(Versions, OldTable,
                         ::testing::Values(Version::r14, Version::r2000, Version::r2004,
                                           Version::r2007));

// --- from 2010 on

void put_no_custom_data(ObjectWriter& out) { out.data.bl(0).bl(0); }
void put_no_style(ObjectWriter& out) { out.data.bl(1).bs(0); }

void put_format(ObjectWriter& out, std::int64_t flags, double height, std::int64_t alignment) {
  out.data.bl(flags).bl(0).bl(4).bl(0).bd(0.25).bd(1).bl(alignment);
  out.strings.tu(u"");
  put_color(out.data);
  out.handles.h(5, 0x11);
  out.data.bd(height);
}

void put_style(ObjectWriter& out, std::int64_t flags, double height) {
  out.data.bl(1).bs(1).bl(flags).bl(0x10000);
  put_color(out.data);
  out.data.bl(1);
  put_format(out, 0, height, 3);
  out.data.bs(1);
  for (int i = 0; i < 6; ++i) out.data.bd(0.06);
  out.data.bl(2).bl(0).bl(1).bl(2).bl(1);
  put_color(out.data);
  out.data.bl(40);
  out.handles.h(5, 0x16);
  out.data.bl(0).bd(0.045);
}

void put_cell_start(ObjectWriter& out, std::int64_t contents) {
  out.data.bl(0);
  out.strings.tu(u"");
  put_no_custom_data(out);
  out.data.bl(0).bl(contents);
}

void put_text_content(ObjectWriter& out, std::u16string_view shown) {
  out.data.bl(1).bl(6).bl(4).bl(4).rs('x').rs(0).bl(0);
  out.strings.tu(u"").tu(shown);
  out.data.bl(0).bs(0);
}

void put_cell_end(ObjectWriter& out) { out.data.bl(0).bl(0); }

ObjectWriter start_content(Version version, std::int64_t columns, std::int64_t rows) {
  ObjectWriter out = start(version);
  out.data.rc(0).bl(0);
  out.handles.h(4, 0);
  version >= Version::r2013 ? out.data.bl(0) : out.data.b(true);
  out.strings.tu(u"").tu(u"");
  out.data.bl(columns);
  for (std::int64_t i = 0; i < columns && i < 2; ++i) {
    out.strings.tu(u"");
    put_no_custom_data(out);
    put_no_style(out);
    out.data.bl(0).bd(10 + static_cast<double>(i));
  }
  out.data.bl(rows);
  return out;
}

void put_row_end(ObjectWriter& out, double height) {
  put_no_custom_data(out);
  put_no_style(out);
  out.data.bl(0).bd(height);
}

class NewTable : public ::testing::TestWithParam<Version> {};

TEST_P(NewTable, ReadsItsContent) {
  ObjectWriter out = start_content(GetParam(), 2, 2);
  out.data.bl(2);
  put_cell_start(out, 1);
  put_text_content(out, u"Title");
  put_style(out, 0x90, 4);
  put_cell_end(out);
  put_cell_start(out, 0);
  put_no_style(out);
  put_cell_end(out);
  put_row_end(out, 1);
  out.data.bl(2);
  put_cell_start(out, 2);
  put_text_content(out, u"A");
  put_text_content(out, u"B");
  put_no_style(out);
  out.data.bl(0).bl(1).bl(0).bd(1).bd(2).bl(1);  // with the geometry of its contents
  out.handles.h(4, 0);
  out.data.bd3({1, 1, 1}).bd3({2, 2, 2}).bd(1).bd(2).bd(3).bd(4).bl(0);
  put_cell_start(out, 1);
  out.data.bl(4);
  out.handles.h(5, 0xA0B);
  out.data.bl(1);
  out.handles.h(4, 0x99);
  out.strings.tu(u"one");
  out.data.bl(1).bs(1);
  put_format(out, 0x94, 7, 5);
  put_no_style(out);
  put_cell_end(out);
  put_row_end(out, 2);
  out.data.bl(1);  // fields
  out.handles.h(3, 0x77);
  put_style(out, 0, 0);
  out.data.bl(2).bl(0).bl(0).bl(0).bl(1).bl(5).bl(5).bl(6).bl(6);  // merged ranges
  out.handles.h(5, kStyle);
  out.data.bs(38).bd3({0, 1, 0}).bl(1).bl(1).bl(1).bd(3).bl(0).bl(0).bl(1);
  out.data.bd3({1, 1, 1}).bd(5).bl(0);  // a manual break
  out.data.bl(1).bd3({0, 0, 0}).bl(0).bl(1);
  const auto read = dwg::read(out);
  ASSERT_TRUE(read->ok);
  EXPECT_EQ(read->left_over, 0u);
  const Table& t = read->table();
  EXPECT_EQ(t.x_direction, (Vec3{0, 1, 0}));
  EXPECT_EQ(t.style, kStyle);
  EXPECT_EQ(t.flow, 1);
  EXPECT_EQ(t.column_widths, (std::vector<double>{10, 11}));
  EXPECT_EQ(t.row_heights, (std::vector<double>{1, 2}));
  ASSERT_EQ(t.cells.size(), 4u);
  EXPECT_EQ(t.cells[0].value, "Title");
  EXPECT_EQ(t.cells[0].text_height, 4);
  EXPECT_EQ(t.cells[0].alignment, 3);
  EXPECT_EQ(t.cells[0].column_span, 2u);
  EXPECT_EQ(t.cells[0].rotation, 0);
  EXPECT_TRUE(t.cells[1].covered);
  EXPECT_EQ(t.cells[2].value, "A\\PB");
  EXPECT_EQ(t.cells[3].attributes, (std::vector<std::string>{"one"}));
  EXPECT_EQ(t.cells[3].text_height, 7);
  EXPECT_EQ(t.cells[3].alignment, 5);
  EXPECT_EQ(t.cells[3].rotation, 0.25);
  EXPECT_FALSE(t.cells[3].covered);
}

TEST_P(NewTable, BelievesNoCountThatDoesNotFit) {
  for (const auto& [columns, rows] :
       {std::pair{1'000'000'000, 1}, {0, 1'000'000'000}, {1, -1}, {-1, 1}}) {
    ObjectWriter out = start_content(GetParam(), columns, rows);
    out.data.bl(0x7fffffff).bl(0x7fffffff);
    const auto read = dwg::read(out);
    EXPECT_FALSE(read->ok);
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, NewTable,
                         ::testing::Values(Version::r2010, Version::r2013, Version::r2018));

}  // namespace
}  // namespace cad::dwg
