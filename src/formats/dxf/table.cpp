// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/table.hpp"

#include <algorithm>
#include <utility>

#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

// The groups of AcDbTable: first the table, then cell after cell, each from its 171 on. A cell of
// 2007 and later has its value between 301 CELL_VALUE and 304 ACVALUE_END: 1 the value, 302 and 303
// as it is shown.
struct TableReader {
  EntityTags& in;
  Table t;
  std::string bytes{};        // of the present cell's text
  std::string value_bytes{};  // 302, 303
  bool in_cell = false, in_value = false, full = false;
  int sizes_seen = 0;

  void take_group() {
    if (in.code() == 171) {
      start_cell();
    } else if (in_cell) {
      if (!full) take_cell_group(t.cells.back());
    } else {
      take_table_group();
    }
  }

  void finish_cell() {
    if (!in_cell || full) return;
    t.cells.back().value = in.decode(value_bytes.empty() ? bytes : value_bytes);
    bytes.clear();
    value_bytes.clear();
  }

  // Believes rows and columns only as far as cells came; marks what merged cells cover.
  void settle() {
    finish_cell();
    const std::uint64_t claimed = std::uint64_t{t.rows} * t.columns;
    if (claimed != t.cells.size()) {
      in.warn("TABLE_CELLS_MISSING", "A table's number of cells is not rows times columns.");
      const std::size_t have = t.cells.size();
      const std::size_t columns =
          std::clamp<std::size_t>(t.columns, 1, std::max<std::size_t>(have, 1));
      t.rows =
          static_cast<std::uint32_t>(std::min<std::size_t>((have + columns - 1) / columns, t.rows));
      t.columns = static_cast<std::uint32_t>(columns);
      t.cells.resize(std::size_t{t.rows} * columns);
    }
    for (std::size_t i = 0; i < t.cells.size(); ++i) clip_span(i);
  }

 private:
  void start_cell() {
    finish_cell();
    in_cell = true;
    in_value = false;
    full = !room_for_item(in, t.cells.size(), sizeof(TableCell));
    if (!full) t.cells.emplace_back();
  }

  void clip_span(std::size_t index) {
    TableCell& cell = t.cells[index];
    const auto row = static_cast<std::uint32_t>(index / t.columns);
    const auto column = static_cast<std::uint32_t>(index % t.columns);
    cell.row_span = std::clamp(cell.row_span, 1u, t.rows - row);
    cell.column_span = std::clamp(cell.column_span, 1u, t.columns - column);
  }

  void take_table_group() {
    if (in.subclass() != "AcDbTable") {
      take_reference_group();
      return;
    }
    if (take_point(in, 11, t.x_direction)) return;
    switch (in.code()) {
      case 70: t.flow = integer_in<std::uint8_t>(in, 0, 1, 0); break;
      case 91: t.rows = integer_as<std::uint32_t>(in); break;
      case 92: t.columns = integer_as<std::uint32_t>(in); break;
      case 141: add_size(t.row_heights); break;
      case 142: add_size(t.column_widths); break;
      case 280:  // first the version of the data, where there is one
        t.title_suppressed = in.flag();
        break;
      case 281: t.header_suppressed = in.flag(); break;
      case 342: t.style = in.handle(); break;
      case 343:
        if (!t.block.valid()) t.block = in.names().block_by_handle(in.handle());
        break;
      default: break;
    }
  }

  void add_size(std::vector<double>& sizes) {
    if (in.room_for_vertex(sizes.size())) sizes.push_back(in.number());
  }

  void take_reference_group() {
    if (take_point(in, 10, t.position)) return;
    if (in.code() == 2) t.block = in.names().block(in.text());
  }

  void take_cell_group(TableCell& cell) {
    switch (in.code()) {
      case 1:
      case 2:
      case 3: append_chunk(in, bytes); break;
      case 301: in_value = in.raw().starts_with("CELL_VALUE"); break;
      case 302:
      case 303: append_chunk(in, value_bytes); break;
      case 304: in_value = false; break;
      case 140:
        if (!in_value) cell.text_height = in.number();
        break;
      case 170: cell.alignment = integer_in<std::uint8_t>(in, 0, 9, 0); break;
      case 173: cell.covered = in.flag(); break;
      case 175: cell.column_span = integer_as<std::uint32_t>(in); break;
      case 176: cell.row_span = integer_as<std::uint32_t>(in); break;
      case 144: cell.block_scale = in.number(); break;
      case 145: cell.rotation = in.number(); break;
      case 340: cell.block = in.names().block_by_handle(in.handle()); break;
      case 300:
        if (!in_value && in.room_for_vertex(cell.attributes.size()))
          cell.attributes.push_back(in.text());
        break;
      default: break;
    }
  }
};

}  // namespace

Geometry read_table(EntityTags& in) {
  TableReader reader{in, {}};
  while (in.next()) reader.take_group();
  reader.settle();
  return Indirect<Table>(std::move(reader.t));
}

}  // namespace cad::dxf
