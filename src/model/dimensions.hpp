// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/vec.hpp"
#include "model/ids.hpp"
#include "model/style.hpp"
#include "model/text.hpp"

namespace cad {

// Dimension style variables that one dimension, leader or tolerance overrides (xdata DSTYLE of
// application ACAD); unset = the style's.
struct DimOverrides {
  std::optional<double> scale, arrow_size, text_height, text_gap, extension_offset,
      extension_beyond, linear_factor;
  std::optional<std::int16_t> decimal_places, linear_unit, text_above;
  std::optional<Color> line_color, extension_color, text_color;
  std::optional<Handle> text_style, leader_arrow, arrow, arrow1, arrow2;  // leader: DIMLDRBLK
  bool any = false;
};

struct Dimension {  // definition points WCS, text_midpoint and insertion OCS (as the DXF reference
                    // has it)
  enum class Kind : std::uint8_t {
    linear,
    aligned,
    angular,
    diameter,
    radius,
    angular3p,
    ordinate,
    arc,
    jogged_radius
  };
  Kind kind = Kind::linear;
  std::uint16_t flags = 0;  // group 70 as stored
  BlockId block;            // the anonymous block that draws it
  DimStyleId style;
  std::string style_name;
  Vec3 definition_point;  // 10
  Vec3 text_midpoint;     // 11
  Vec3 insertion_point;   // 12
  Vec3 point13, point14, point15, point16;
  double leader_length = 0;           // 40
  double rotation_deg = 0;            // 50
  double horizontal_deg = 0;          // 51
  double extension_oblique_deg = 0;   // 52
  double text_rotation_deg = 0;       // 53
  std::optional<double> measurement;  // 42, as stored; angles in radians
  std::string text;  // "" or "<>": the measurement; " ": suppressed; else an override
  std::uint8_t attachment = 5;
  std::uint8_t line_spacing_style = 1;  // 72: 1 at least, 2 exact
  double line_spacing = 1;              // 41
  bool ordinate_x = false;
  // ARC_DIMENSION: 13, 14 ends of the extension lines, 15 center, 16 and 17 ends of the leader.
  // LARGE_RADIAL_DIMENSION: 10 center, 13 its stand-in, 14 jog, 15 point on the arc.
  Vec3 point17;
  double arc_start = 0, arc_end = 0;  // radians
  bool arc_is_partial = false, arc_has_leader = false;
  double jog_angle = 0;  // radians
  DimOverrides overrides;
};

struct Leader {  // WCS
  std::vector<Vec3> vertices;
  bool has_arrow = true;
  bool is_spline = false;
  bool has_hook = false;
  bool hook_same_direction = false;
  std::uint8_t annotation_kind = 3;  // 0 text, 1 tolerance, 2 block, 3 none
  Handle annotation = 0;
  DimStyleId style;
  std::string style_name;
  double text_height = 0, text_width = 0;
  std::uint8_t color_override = 0;
  Vec3 horizontal_direction{1, 0, 0};
  Vec3 block_offset, annotation_offset;  // last vertex to the block's, the annotation's place
  DimOverrides overrides;
};

struct MLeaderLine {
  std::vector<Vec3> vertices;
  Color color{Color::Kind::by_block, 7, {}};
  std::int32_t index = 0;
  struct Break {
    Vec3 start, end;
  };
  std::vector<Break> breaks;
};

struct MLeaderRoot {
  Vec3 connection;  // landing point
  Vec3 dogleg_vector;
  double dogleg_length = 0;
  bool has_connection = false, has_dogleg = false;
  std::vector<MLeaderLine> lines;
  std::int32_t index = 0;
  bool attached_vertically = false;  // 271: the landing meets the text's top or bottom
};

struct MLeader {  // MULTILEADER; WCS
  std::vector<MLeaderRoot> roots;
  std::uint8_t content = 0;      // 0 none, 1 block, 2 mtext, 3 tolerance
  std::uint8_t leader_type = 1;  // 0 invisible, 1 straight, 2 spline
  double scale = 1;
  double arrow_size = 0;
  double landing_gap = 0;
  double char_height = 0;
  bool has_landing = true, has_dogleg = true;
  bool text_frame = false;
  BlockId arrow;  // none: closed filled arrow
  bool arrow_is_named = false;
  Color line_color{Color::Kind::by_block, 7, {}};
  Color text_color{Color::Kind::by_block, 7, {}};
  Color block_color{Color::Kind::by_block, 7, {}};
  std::int16_t line_weight = kLineweightByBlock;
  Handle style = 0;  // MLEADERSTYLE
  LinetypeId linetype;
  Vec3 base_point;           // of the content
  double dogleg_length = 0;  // of the style; each root has its own
  Vec3 plane_origin, plane_x{1, 0, 0}, plane_y{0, 1, 0};
  // How the landing meets the text (0 top .. 8, 9 center, 10 underlined center): MLEADERSTYLE's.
  std::int16_t attachment_left = 1, attachment_right = 1, attachment_top = 9, attachment_bottom = 9;
  // Text content.
  Vec3 text_position;
  Vec3 text_direction{1, 0, 0};
  Vec3 text_normal{0, 0, 1};
  double text_height = 0, text_width = 0, text_defined_height = 0;
  double text_rotation = 0;
  std::uint8_t text_attachment = 1;  // of the MTEXT: 1 left, 2 center, 3 right
  std::uint8_t text_flow = 5;        // 1 left to right, 3 top to bottom, 5 by style
  double text_line_spacing = 1;
  std::uint8_t text_line_spacing_style = 1;
  bool has_text = false, has_block = false;
  bool text_background = false;
  Color text_background_color;
  double text_background_scale = 1.5;
  TextStyleId text_style;
  std::string text_raw;
  // Block content.
  BlockId block;
  Vec3 block_position, block_scale{1, 1, 1}, block_normal{0, 0, 1};
  double block_rotation = 0;
  struct BlockAttribute {
    Handle definition = 0;
    std::string text;
    double width = 0;
  };
  std::vector<BlockAttribute> block_attributes;
};

}  // namespace cad
