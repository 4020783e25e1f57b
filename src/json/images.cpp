// SPDX-License-Identifier: Apache-2.0
#include "json/families.hpp"

namespace cad::json {
namespace {

// The clip boundary (or the whole frame) in the world. Pixels count from the center of the upper
// left one, downwards; the position is the lower left corner.
std::vector<Vec3> outline(const Image& g) {
  std::vector<Vec2> clip = g.clip;
  const bool clipped = (g.clipping || g.is_wipeout) && clip.size() >= 2;
  if (!clipped) clip = {{-0.5, -0.5}, {g.size_px.x - 0.5, g.size_px.y - 0.5}};
  if (clip.size() == 2) {
    const Vec2 a = clip[0], b = clip[1];
    clip = {a, {b.x, a.y}, b, {a.x, b.y}};
  }
  std::vector<Vec3> out;
  out.reserve(clip.size());
  for (const Vec2& p : clip)
    out.push_back(g.position + g.u_pixel * (p.x + 0.5) + g.v_pixel * (g.size_px.y - p.y - 0.5));
  return out;
}

void write_path_of(Scope& s, std::string_view path) {
  s.w.key("path");
  path.empty() ? s.w.null() : s.w.text(path);
}

}  // namespace

void write_geometry(Scope& s, const Image& g) {
  if (!g.is_wipeout) {
    point_field(s.w, "position", g.position);
    point_field(s.w, "uPixel", g.u_pixel);
    point_field(s.w, "vPixel", g.v_pixel);
    s.w.field("widthPixels", g.size_px.x);
    s.w.field("heightPixels", g.size_px.y);
    write_path_of(s, g.definition.valid() ? s.drawing.at(g.definition).path : std::string_view{});
    s.w.flag("clipped", g.clipping);
  }
  s.w.key("vertices");
  write_points(s.w, outline(g));
}

void write_geometry(Scope& s, const Underlay& g) {
  const UnderlayDef* definition = g.definition.valid() ? &s.drawing.at(g.definition) : nullptr;
  point_field(s.w, "position", s.world(g.position));
  s.w.field("scaleX", g.scale.x);
  s.w.field("scaleY", g.scale.y);
  s.w.field("rotation", g.rotation_deg);
  write_path_of(s, definition != nullptr ? definition->path : std::string_view{});
  s.w.key("page");
  definition != nullptr && !definition->page.empty() ? s.w.text(definition->page) : s.w.null();
  s.w.key("clip");  // in the underlay's own coordinates
  s.w.begin_array();
  for (const Vec2& p : g.clip) write_point(s.w, p);
  s.w.end_array();
  write_plane(s);
}

void write_geometry(Scope& s, const OleFrame& g) {
  point_field(s.w, "upperLeft", g.upper_left);
  point_field(s.w, "lowerRight", g.lower_right);
  s.w.key("description");
  g.description.empty() ? s.w.null() : s.w.text(g.description);
  s.w.count("dataBytes", g.data_bytes);
}

}  // namespace cad::json
