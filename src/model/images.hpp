// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/vec.hpp"
#include "model/ids.hpp"

namespace cad {

// IMAGE and WIPEOUT share their frame; WCS.
struct Image {
  bool is_wipeout = false;
  Vec3 position;          // lower left corner
  Vec3 u_pixel, v_pixel;  // WCS size of one pixel along the image's axes
  Vec2 size_px;
  ImageDefId definition;
  std::uint16_t flags = 0;  // 1 show, 2 show when not aligned, 4 use clipping, 8 transparency
  bool clipping = false;
  std::uint8_t clip_type = 1;  // 1 rectangle, 2 polygon
  bool clip_inside = false;    // true: the clip removes the inside
  std::vector<Vec2> clip;      // in pixels, origin at the upper left pixel's center (-0.5)
  std::uint8_t brightness = 50, contrast = 50, fade = 0;
};

struct Underlay {  // OCS; PDFUNDERLAY, DWFUNDERLAY, DGNUNDERLAY
  enum class Kind : std::uint8_t { pdf, dwf, dgn };
  Kind kind = Kind::pdf;
  UnderlayDefId definition;
  Vec3 position;
  Vec3 scale{1, 1, 1};
  double rotation_deg = 0;
  std::uint16_t flags = 0;
  std::uint8_t contrast = 100, fade = 0;
  std::vector<Vec2> clip;  // two points: opposite corners of a rectangle
  bool on() const { return (flags & 2) != 0; }
  bool clipping() const { return (flags & 1) != 0; }
  bool clip_inside() const { return (flags & 16) != 0; }  // the clip removes the inside
};

struct OleFrame {  // OLE2FRAME, OLEFRAME; the embedded object is not decoded
  bool is_ole2 = true;
  Vec3 upper_left, lower_right;
  bool has_corners = false;      // OLEFRAME keeps its place inside the data
  std::uint8_t object_kind = 0;  // 1 link, 2 embedded, 3 static
  std::string description;
  std::uint64_t data_bytes = 0;
};

}  // namespace cad
