// SPDX-License-Identifier: Apache-2.0
// ACAD_TABLE (ODA 20.4.96): until 2007 with its cells, from 2010 on with a table content.
#include "formats/dwg/table.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "formats/dwg/blocks.hpp"
#include "formats/dwg/table_content.hpp"
#include "formats/dwg/table_value.hpp"

namespace cad::dwg {
namespace {

enum CellType : std::int16_t { kTextCell = 1, kBlockCell = 2 };

void read_block_cell(EntityIn& in, TableCell& cell) {
  cell.block_scale = in.bd();
  if (!in.b()) return;
  const std::size_t attributes = in.vertex_count(in.ubs(), 12);
  for (std::size_t i = 0; i < attributes && in.ok(); ++i) {
    in.handle();  // attribute definition
    in.bs();      // its index
    cell.attributes.push_back(in.text());
  }
}

void read_cell_overrides(EntityIn& in, TableCell& cell) {
  const std::uint32_t flags = in.ubl();
  const auto has = [flags](std::uint32_t bit) { return (flags & bit) != 0; };
  in.rc();  // virtual edges
  if (has(0x01)) cell.alignment = static_cast<std::uint8_t>(in.bs());
  if (has(0x02)) in.b();  // background is not filled
  if (has(0x04)) in.full_color();
  if (has(0x08)) in.full_color();
  if (has(0x10)) in.handle();  // text style
  if (has(0x20)) cell.text_height = in.bd();
  for (unsigned edge = 0; edge < 4; ++edge) {  // top, right, bottom, left
    if (has(0x40u << edge)) in.full_color();
    if (has(0x400u << edge)) in.bs();   // lineweight
    if (has(0x4000u << edge)) in.bs();  // visibility
  }
}

void read_cell(EntityIn& in, TableCell& cell) {
  const std::int16_t type = in.bs();
  in.rc();  // edges with overrides
  cell.covered = in.b();
  in.b();  // autofit
  cell.column_span = in.ubl();
  cell.row_span = in.ubl();
  cell.rotation = in.bd();
  const Handle content = in.handle();  // a FIELD or the block
  if (type == kTextCell && content == 0 && !in.from(Version::r2007)) cell.value = in.text();
  if (type == kBlockCell) {
    cell.block = in.loader().block(content);
    read_block_cell(in, cell);
  }
  if (in.b()) read_cell_overrides(in, cell);
  if (!in.from(Version::r2007)) return;
  in.bl();
  cell.value = read_value(in);
}

void read_table_overrides(EntityIn& in, Table& table) {
  const std::uint32_t flags = in.ubl();
  const auto has = [flags](std::uint32_t bit) { return (flags & bit) != 0; };
  if (has(0x01)) table.title_suppressed = in.b();
  if (has(0x02)) table.header_suppressed = true;  // without a value of its own
  if (has(0x04)) table.flow = in.bs() == 1 ? 1 : 0;
  if (has(0x08)) in.bd();  // margins
  if (has(0x10)) in.bd();
  for (unsigned row = 0; row < 3; ++row)  // title, header, data: content colors
    if (has(0x20u << row)) in.full_color();
  for (unsigned row = 0; row < 3; ++row)  // not filled
    if (has(0x100u << row)) in.b();
  for (unsigned row = 0; row < 3; ++row)  // fill colors
    if (has(0x800u << row)) in.full_color();
  for (unsigned row = 0; row < 3; ++row)  // alignments
    if (has(0x4000u << row)) in.bs();
  for (unsigned row = 0; row < 3; ++row)  // text styles
    if (has(0x20000u << row)) in.handle();
  for (unsigned row = 0; row < 3; ++row)  // text heights
    if (has(0x100000u << row)) in.bd();
}

// Of the six borders of title, header and data rows.
unsigned read_border_flags(EntityIn& in) {
  return static_cast<unsigned>(std::popcount(in.ubl() & 0x3ffff));
}

void read_border_overrides(EntityIn& in) {
  if (in.b())
    for (unsigned left = read_border_flags(in); left > 0; --left) in.full_color();
  if (in.b())
    for (unsigned left = read_border_flags(in); left > 0; --left) in.bs();  // lineweights
  if (in.b())
    for (unsigned left = read_border_flags(in); left > 0; --left) in.bs();  // visibilities
}

void read_cells(EntityIn& in, Table& table) {
  in.bs();  // flags
  table.x_direction = in.bd3();
  table.columns = in.ubl();
  table.rows = in.ubl();
  const std::size_t columns = in.vertex_count(table.columns, 2);
  for (std::size_t i = 0; i < columns; ++i) table.column_widths.push_back(in.bd());
  const std::size_t rows = in.vertex_count(table.rows, 2);
  for (std::size_t i = 0; i < rows; ++i) table.row_heights.push_back(in.bd());
  table.style = in.handle();
  TableCell left_out;
  const std::size_t cells = in.count(std::uint64_t{table.rows} * table.columns, 19);
  for (std::size_t i = 0; i < cells && in.ok(); ++i) {
    TableCell* const cell = add_cell(in, table);
    read_cell(in, cell != nullptr ? *cell : left_out);
  }
  if (in.b()) read_table_overrides(in, table);
  read_border_overrides(in);
}

// Rows and columns as far as there are cells; spans that stay inside.
void settle(EntityIn& in, Table& table) {
  const std::uint64_t claimed = std::uint64_t{table.rows} * table.columns;
  if (claimed != table.cells.size()) {
    in.warn("TABLE_CELLS_MISSING", "A table's number of cells is not rows times columns.");
    table.rows =
        table.columns == 0 ? 0 : static_cast<std::uint32_t>(table.cells.size() / table.columns);
    table.cells.resize(std::size_t{table.rows} * table.columns);
  }
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    TableCell& cell = table.cells[i];
    const auto row = static_cast<std::uint32_t>(i / table.columns);
    const auto column = static_cast<std::uint32_t>(i % table.columns);
    cell.row_span = std::clamp(cell.row_span, 1u, table.rows - row);
    cell.column_span = std::clamp(cell.column_span, 1u, table.columns - column);
  }
}

}  // namespace

TableCell* add_cell(EntityIn& in, Table& table) {
  for (std::size_t taken = 0; taken < sizeof(TableCell); taken += sizeof(Vec3))
    if (!in.room_for_vertex(table.cells.size())) return nullptr;
  return &table.cells.emplace_back();
}

Geometry read_table(EntityIn& in) {
  const Insert reference = read_reference(in);
  Table table;
  table.position = reference.position;
  table.block = reference.block;
  if (in.from(Version::r2010)) {
    read_table_content(in, table);
  } else {
    read_cells(in, table);
  }
  if (in.ok()) settle(in, table);
  return Indirect<Table>(std::move(table));
}

}  // namespace cad::dwg
