// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/text.hpp"

#include <algorithm>

#include "formats/acad/xdata.hpp"

namespace cad::acad {
namespace {

double real(const XdataItem& item, double most) {
  const double* value = std::get_if<double>(&item.value);
  return value != nullptr ? bounded(*value, most) : 0;
}
std::int64_t whole(const XdataItem& item) {
  const std::int64_t* value = std::get_if<std::int64_t>(&item.value);
  return value != nullptr ? *value : 0;
}
std::string_view words(const XdataItem& item) {
  const std::string* value = std::get_if<std::string>(&item.value);
  return value != nullptr ? std::string_view(*value) : std::string_view();
}

// Pairs of a 1070 that names a group code and the value it would have had.
void take_column_info(std::span<const XdataItem> items, std::size_t& i, double most, MText& t) {
  for (; i + 1 < items.size() && words(items[i]) != "ACAD_MTEXT_COLUMN_INFO_END"; i += 2) {
    const XdataItem& value = items[i + 1];
    switch (whole(items[i])) {
      case 75: t.column_type = static_cast<std::uint8_t>(whole(value) & 3); break;
      case 76: t.column_count = static_cast<std::uint32_t>(whole(value) & 0xffff); break;
      case 78: t.column_flow_reversed = whole(value) != 0; break;
      case 79: t.column_auto_height = whole(value) != 0; break;
      case 48: t.column_width = real(value, most); break;
      case 49: t.column_gutter = real(value, most); break;
      case 50: {  // a count, then that many heights
        const std::size_t left = items.size() - i - 2;
        const std::size_t count = std::min(static_cast<std::size_t>(whole(value) & 0xffff), left);
        t.column_heights.clear();
        for (std::size_t n = 0; n < count && items[i + 2].code == 1040; ++n, ++i)
          t.column_heights.push_back(real(items[i + 2], most));
        break;
      }
      default: break;
    }
  }
}

}  // namespace

void settle_alignment(Text& text) {
  const bool aligned = text.halign != HAlign::left || text.valign != VAlign::baseline;
  text.has_alignment_point = text.has_alignment_point && aligned;
}

void take_mtext_columns(std::span<const XdataItem> items, double max_coordinate, MText& t) {
  bool linking = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string_view marker = words(items[i]);
    if (marker == "ACAD_MTEXT_COLUMN_INFO_BEGIN") {
      take_column_info(items, ++i, max_coordinate, t);
    } else if (marker == "ACAD_MTEXT_COLUMNS_BEGIN" || marker == "ACAD_MTEXT_COLUMNS_END") {
      linking = marker == "ACAD_MTEXT_COLUMNS_BEGIN";
    } else if (marker == "ACAD_MTEXT_DEFINED_HEIGHT_BEGIN" && i + 2 < items.size()) {
      t.defined_height = real(items[i + 2], max_coordinate);
    } else if (linking && items[i].code == 1005) {
      t.linked_columns.push_back(handle_of(marker));
    }
  }
  if (!t.linked_columns.empty()) t.column_type = 0;
}

}  // namespace cad::acad
