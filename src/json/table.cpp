// SPDX-License-Identifier: Apache-2.0
#include "json/families.hpp"
#include "text/codes.hpp"

namespace cad::json {
namespace {

void write_cell(Scope& s, const TableCell& cell, std::size_t row, std::size_t column) {
  s.w.begin_object();
  s.w.count("row", row);
  s.w.count("column", column);
  s.w.field("text", text::plain_mtext(cell.value));
  s.w.count("rowSpan", cell.row_span);
  s.w.count("columnSpan", cell.column_span);
  s.w.key("blockName");
  write_block_name(s, cell.block);
  s.w.end_object();
}

}  // namespace

void write_geometry(Scope& s, const Table& g) {
  point_field(s.w, "position", g.position);
  point_field(s.w, "direction", g.x_direction);
  s.w.key("blockName");
  write_block_name(s, g.block);
  s.w.count("rows", g.rows);
  s.w.count("columns", g.columns);
  s.w.key("rowHeights");
  write_numbers(s.w, g.row_heights);
  s.w.key("columnWidths");
  write_numbers(s.w, g.column_widths);
  s.w.key("cells");
  s.w.begin_array();
  for (std::size_t i = 0; i < g.cells.size() && g.columns != 0; ++i)
    if (!g.cells[i].covered) write_cell(s, g.cells[i], i / g.columns, i % g.columns);
  s.w.end_array();
}

}  // namespace cad::json
