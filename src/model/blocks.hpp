// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/vec.hpp"
#include "model/ids.hpp"

namespace cad {

struct Entity;

struct Insert {  // OCS; INSERT and MINSERT
  BlockId block;
  Vec3 position;
  Vec3 scale{1, 1, 1};
  double rotation_deg = 0;
  std::uint32_t columns = 1, rows = 1;
  double column_spacing = 0, row_spacing = 0;
  std::vector<Entity> attributes;  // each an Attribute
};

// A cell's content as shown; merged cells span from their first.
struct TableCell {
  std::string value;  // raw, may hold MTEXT codes
  std::uint32_t row_span = 1, column_span = 1;
  bool covered = false;  // part of another cell's span
  BlockId block;
  double text_height = 0;
  std::uint8_t alignment = 0;  // 1 top left .. 9 bottom right, 0 by style
  double rotation = 0;         // radians
  double block_scale = 1;
  std::vector<std::string> attributes;  // of the block, in the order of its definitions
};

struct Table {  // ACAD_TABLE; OCS position
  Vec3 position;
  Vec3 x_direction{1, 0, 0};
  BlockId block;  // the anonymous block that draws it
  std::uint32_t rows = 0, columns = 0;
  std::vector<double> row_heights, column_widths;
  std::vector<TableCell> cells;  // row by row
  Handle style = 0;              // TABLESTYLE
  std::uint8_t flow = 0;         // 0 down, 1 up
  bool title_suppressed = false, header_suppressed = false;
};

struct Viewport {  // of a paper-space layout
  Vec3 center;     // paper
  double width = 0, height = 0;
  std::int32_t status = 0;  // group 68: 0 off, -1 off-screen, 1 the sheet itself
  std::int32_t id = 0;      // group 69; 1 is the sheet's own
  Vec2 view_center;         // DCS
  Vec3 view_direction{0, 0, 1};
  Vec3 view_target;
  double view_height = 0;
  double lens_length = 50;
  double twist_deg = 0;
  double front_clip = 0, back_clip = 0;
  std::uint32_t flags = 0;  // group 90: 1 perspective, 0x10000 clipped, 0x20000 off
  std::vector<LayerId> frozen_layers;
  Handle clip_boundary = 0;  // entity that clips non-rectangularly
  Vec2 snap_base, snap_spacing, grid_spacing;
  double snap_angle_deg = 0;
  double elevation = 0;
  Vec3 ucs_origin, ucs_x{1, 0, 0}, ucs_y{0, 1, 0};
  std::uint8_t render_mode = 0;  // 281: 0 2D, 1 wireframe, 2 hidden, 3.. shaded
  std::uint8_t shade_plot = 0;   // 170: 0 as displayed, 1 wireframe, 2 hidden, 3 rendered
  std::string plot_style;
};

}  // namespace cad
