// SPDX-License-Identifier: Apache-2.0
// The table content of 2010 and later (ODA 20.4.96.2, 20.4.97, 20.4.101.3, 20.4.101.4).
#include "formats/dwg/table_content.hpp"

#include "formats/dwg/table.hpp"
#include "formats/dwg/table_value.hpp"

namespace cad::dwg {
namespace {

enum Override : std::uint32_t {
  kRotation = 0x4,
  kBlockScale = 0x8,
  kAlignment = 0x10,
  kTextHeight = 0x80,
  kBottomToTop = 0x10000
};
enum Content : std::uint32_t { kValue = 1, kField = 2, kBlock = 4 };

void read_content_format(EntityIn& in, TableCell& cell, std::uint32_t overridden) {
  overridden |= in.ubl();
  in.bl();    // auto scale
  in.bl();    // data type
  in.bl();    // unit
  in.text();  // format
  const double rotation = in.bd();
  const double scale = in.bd();
  const std::uint32_t alignment = in.ubl();
  in.color();
  in.handle();  // text style
  const double height = in.bd();
  if ((overridden & kRotation) != 0) cell.rotation = rotation;
  if ((overridden & kBlockScale) != 0) cell.block_scale = scale;
  if ((overridden & kAlignment) != 0)
    cell.alignment = alignment <= 9 ? static_cast<std::uint8_t>(alignment) : 0;
  if ((overridden & kTextHeight) != 0) cell.text_height = height;
}

void read_border(EntityIn& in) {
  if (in.bl() == 0) return;  // which edges
  in.bl();                   // overrides
  in.bl();                   // single, double
  in.color();
  in.bl();      // lineweight
  in.handle();  // linetype
  in.bl();      // invisible
  in.bd();      // spacing of double lines
}

// Its overrides go into `cell`. The merge flags.
std::uint32_t read_cell_style(EntityIn& in, TableCell& cell) {
  in.bl();  // of a cell, row, column or table
  if (in.bs() == 0) return 0;
  const std::uint32_t overridden = in.ubl();
  const std::uint32_t merge_flags = in.ubl();
  in.color();  // background
  in.bl();     // layout of the contents
  read_content_format(in, cell, overridden);
  if ((in.bs() & 1) != 0)
    for (int margin = 0; margin < 6; ++margin) in.bd();
  const std::size_t borders = in.count(in.ubl(), 2);
  for (std::size_t i = 0; i < borders && in.ok(); ++i) read_border(in);
  return merge_flags;
}

void read_custom_data(EntityIn& in) {
  in.bl();
  const std::size_t items = in.count(in.ubl(), 4);
  for (std::size_t i = 0; i < items && in.ok(); ++i) {
    in.text();  // its name
    read_value(in);
  }
}

void read_content(EntityIn& in, TableCell& cell) {
  switch (in.ubl()) {
    case kValue: {
      const std::string value = read_value(in);
      if (!cell.value.empty() && !value.empty()) cell.value += "\\P";
      cell.value += value;
      break;
    }
    case kField: in.handle(); break;
    case kBlock: cell.block = in.loader().block(in.handle()); break;
    default: break;
  }
  const std::size_t attributes = in.vertex_count(in.ubl(), 2);
  for (std::size_t i = 0; i < attributes && in.ok(); ++i) {
    in.handle();  // definition
    cell.attributes.push_back(in.text());
    in.bl();  // index
  }
  if (in.bs() != 0) read_content_format(in, cell, 0);
}

void read_content_geometry(EntityIn& in) {
  in.bd3();  // to the top left corner
  in.bd3();  // to the center
  for (int size = 0; size < 4; ++size) in.bd();
  in.bl();
}

void read_cell(EntityIn& in, TableCell& cell) {
  in.bl();    // state
  in.text();  // tool tip
  read_custom_data(in);
  if (in.bl() != 0) {  // linked to data elsewhere
    in.handle();
    in.bl();  // rows
    in.bl();  // columns
    in.bl();
  }
  const std::size_t contents = in.count(in.ubl(), 6);
  for (std::size_t i = 0; i < contents && in.ok(); ++i) read_content(in, cell);
  read_cell_style(in, cell);
  in.bl();  // base style
  if (in.bl() == 0) return;
  in.bl();
  in.bd();
  in.bd();
  const bool has_geometry = in.bl() != 0;
  in.handle();
  if (has_geometry) read_content_geometry(in);
}

void read_columns(EntityIn& in, Table& table) {
  TableCell ignored;
  table.columns = in.ubl();
  const std::size_t columns = in.vertex_count(table.columns, 12);
  for (std::size_t i = 0; i < columns && in.ok(); ++i) {
    in.text();  // name
    read_custom_data(in);
    read_cell_style(in, ignored);
    in.bl();  // base style
    table.column_widths.push_back(in.bd());
  }
}

void read_rows(EntityIn& in, Table& table) {
  TableCell ignored;
  table.rows = in.ubl();
  const std::size_t rows = in.vertex_count(table.rows, 14);
  for (std::size_t i = 0; i < rows && in.ok(); ++i) {
    const std::uint32_t claimed = in.ubl();
    const std::size_t cells = in.count(claimed, 16);
    if (claimed != table.columns) in.fail();
    for (std::size_t k = 0; k < cells && in.ok(); ++k) {
      TableCell* const cell = add_cell(in, table);
      read_cell(in, cell != nullptr ? *cell : ignored);
    }
    read_custom_data(in);
    read_cell_style(in, ignored);
    in.bl();  // base style
    table.row_heights.push_back(in.bd());
  }
}

TableCell* cell_at(Table& table, std::uint32_t row, std::uint32_t column) {
  if (row >= table.rows || column >= table.columns) return nullptr;
  const std::size_t index = std::size_t{row} * table.columns + column;
  return index < table.cells.size() ? &table.cells[index] : nullptr;
}

void merge(Table& table, std::uint32_t top, std::uint32_t left, std::uint32_t bottom,
           std::uint32_t right) {
  TableCell* const first = cell_at(table, top, left);
  if (first == nullptr || bottom < top || right < left || cell_at(table, bottom, right) == nullptr)
    return;
  if (first->covered) return;  // ranges do not overlap
  for (std::uint32_t row = top; row <= bottom; ++row)
    for (std::uint32_t column = left; column <= right; ++column)
      cell_at(table, row, column)->covered = true;
  first->covered = false;
  first->row_span = bottom - top + 1;
  first->column_span = right - left + 1;
}

// TABLECONTENT without what every object has.
void read_content(EntityIn& in, Table& table) {
  TableCell ignored;
  in.text();  // name
  in.text();  // description
  read_columns(in, table);
  read_rows(in, table);
  const std::size_t fields = in.handles().count(in.ubl(), 8);
  for (std::size_t i = 0; i < fields; ++i) in.handle();
  table.flow = (read_cell_style(in, ignored) & kBottomToTop) != 0 ? 1 : 0;
  const std::size_t merged = in.count(in.ubl(), 8);
  for (std::size_t i = 0; i < merged && in.ok(); ++i) {
    const std::uint32_t top = in.ubl();
    const std::uint32_t left = in.ubl();
    const std::uint32_t bottom = in.ubl();
    const std::uint32_t right = in.ubl();
    merge(table, top, left, bottom, right);
  }
  table.style = in.handle();
}

void read_breaks(EntityIn& in) {
  in.bl();  // options
  in.bl();  // flow
  in.bd();  // spacing
  in.bl();
  in.bl();
  const std::size_t heights = in.count(in.ubl(), 10);
  for (std::size_t i = 0; i < heights && in.ok(); ++i) {
    in.bd3();
    in.bd();
    in.bl();
  }
}

}  // namespace

void read_table_content(EntityIn& in, Table& table) {
  in.rc();
  in.handle();
  in.bl();
  if (in.from(Version::r2013)) {
    in.bl();
  } else {
    in.b();
  }
  read_content(in, table);
  in.bs();
  table.x_direction = in.bd3();
  if (in.bl() != 0) read_breaks(in);
  const std::size_t ranges = in.count(in.ubl(), 10);
  for (std::size_t i = 0; i < ranges && in.ok(); ++i) {
    in.bd3();  // position
    in.bl();   // first row
    in.bl();   // last row
  }
}

}  // namespace cad::dwg
