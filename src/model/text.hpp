// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/indirect.hpp"
#include "base/vec.hpp"
#include "model/ids.hpp"

namespace cad {

enum class HAlign : std::uint8_t { left, center, right, aligned, middle, fit };
enum class VAlign : std::uint8_t { baseline, bottom, middle, top };

// All strings of the model are UTF-8. TEXT values keep %%-codes as stored (text/codes.hpp decodes
// them); \U+XXXX and \M+nXXXX are already decoded by the reader.
struct Text {            // OCS
  Vec3 position;         // group 10: left baseline start
  Vec3 alignment_point;  // group 11: meaningful when has_alignment_point
  double height = 0;
  double rotation_deg = 0;
  double width_factor = 1;
  double oblique_deg = 0;
  std::string value;
  TextStyleId style;
  HAlign halign = HAlign::left;
  VAlign valign = VAlign::baseline;
  bool backward = false, upside_down = false;
  bool has_alignment_point = false;
};

struct MText {
  Vec3 position;     // WCS insertion point
  Vec3 x_direction;  // WCS; zero when the file gives none (then rotation_deg holds)
  double height = 0;
  double rotation_deg = 0;
  double width = 0;                     // reference rectangle; 0 = no wrapping
  double defined_height = 0;            // group 46
  double line_spacing = 1;              // group 44
  std::uint8_t line_spacing_style = 1;  // 1 at least, 2 exact
  std::uint8_t attachment = 1;          // 1 top left .. 9 bottom right
  std::uint8_t flow = 1;                // 1 left to right, 3 top to bottom, 5 by style
  std::uint8_t background_flags = 0;    // 1 fill with color, 2 with window color, 16 frame
  double background_scale = 1.5;
  std::uint32_t background_color_aci = 0;
  std::uint32_t background_rgb = 0xffffffffu;  // 0xffffffff = none
  TextStyleId style;
  std::string raw;  // with its formatting codes, all chunks joined
  // Columns (from 2018's own fields, or the ACAD xdata of 2007 on).
  std::uint8_t column_type = 0;  // 0 none, 1 static, 2 dynamic
  std::uint32_t column_count = 0;
  double column_width = 0, column_gutter = 0;
  bool column_flow_reversed = false, column_auto_height = false;
  std::vector<double> column_heights;  // dynamic columns without auto height; 0 = open end
  // Before 2018 every further column is an MTEXT of its own; then column_type is 0 here, because
  // `raw` is the first column only.
  std::vector<Handle> linked_columns;
};

// ATTRIB and ATTDEF. Multi-line attributes carry an embedded MTEXT.
struct Attribute {
  Text text;
  std::string tag;
  std::string prompt;       // ATTDEF only
  std::uint16_t flags = 0;  // group 70: 1 invisible, 2 constant, 4 verify, 8 preset
  std::uint16_t field_length = 0;
  bool lock_position = false;
  bool is_definition = false;
  bool has_mtext = false;
  MText mtext;
  bool invisible() const { return (flags & 1) != 0; }
};

struct Tolerance {  // WCS: feature control frame
  Vec3 position;
  Vec3 x_direction{1, 0, 0};
  std::string value;  // with its %%v cell breaks and {\Fgdt;x} symbols
  DimStyleId dim_style;
  std::string dim_style_name;
};

// A glyph of an .shx shape file. DXF states its name, DWG its number in the file of a style.
struct Shape {  // OCS
  Vec3 position;
  double size = 0;
  double rotation_deg = 0;
  double width_factor = 1;
  double oblique_deg = 0;
  std::string name;
  std::uint16_t number = 0;  // 0 = not stated
  TextStyleId style;
};

}  // namespace cad
