// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

// Two points are opposite corners of a rectangle.
std::vector<Vec2> as_polygon(const std::vector<Vec2>& clip) {
  if (clip.size() != 2) return clip;
  return {clip[0], {clip[1].x, clip[0].y}, clip[1], {clip[0].x, clip[1].y}};
}

void add_polygon(Path& path, const std::vector<Vec2>& points, const Affine& map) {
  for (std::size_t i = 0; i < points.size(); ++i)
    i == 0 ? path.move_to(map(points[i])) : path.line_to(map(points[i]));
  path.close();
}

void add_frame(Path& path, const ImageFrame& frame) {
  add_polygon(path, {{0, 0}, {1, 0}, {1, 1}, {0, 1}},
              {frame.u.x, frame.u.y, frame.v.x, frame.v.y, frame.corner.x, frame.corner.y});
}

// A frame, clipped to a polygon in sheet coordinates; inside-out clips leave the frame's rest.
void emit(Emitter& out, const ImageFrame& frame, const Path& clip, bool clip_inside) {
  if (!out.spend()) return;
  if (clip.empty()) return out.sink->image(frame);
  if (out.measuring()) {
    if (clip_inside) return out.sink->image(frame);
    return out.stroke_plain(clip);
  }
  Path area;
  if (clip_inside) add_frame(area, frame);
  append(area, clip);
  out.sink->push_clip(area);
  out.sink->image(frame);
  out.sink->pop_clip();
}

}  // namespace

void draw(Emitter& out, const Indirect<Image>& image, const Entity&) {
  const Projection& view = out.frame.view;
  const Vec2 u = view.direction(image->u_pixel), v = view.direction(image->v_pixel);
  const ImageDef* definition = find(out.drawing().image_defs, image->definition);
  ImageFrame frame{view(image->position), u * image->size_px.x, v * image->size_px.y,
                   definition != nullptr ? std::string_view(definition->path) : std::string_view()};
  // Clips count pixels from the center of the upper left one, y down.
  const Vec2 origin = frame.corner + frame.v + u * 0.5 - v * 0.5;
  const Affine pixels{u.x, u.y, -v.x, -v.y, origin.x, origin.y};
  Path clip;
  if (image->clip.size() >= 2 && (image->clipping || image->is_wipeout))
    add_polygon(clip, as_polygon(image->clip), pixels);
  if (image->is_wipeout) {
    Path area;
    if (clip.empty() || image->clip_inside) add_frame(area, frame);
    append(area, clip);
    const Rgb paper = out.context.options.background;
    return out.fill(area, FillRule::even_odd, Rgba{paper.r, paper.g, paper.b, 255});
  }
  constexpr std::uint16_t kShow = 1;
  if ((image->flags & kShow) == 0 && !out.measuring()) return;
  emit(out, frame, clip, image->clip_inside);
}

void draw(Emitter& out, const Indirect<Underlay>& underlay, const Entity& entity) {
  if (!underlay->on() && !out.measuring()) return;
  const UnderlayDef* definition = find(out.drawing().underlay_defs, underlay->definition);
  const std::vector<Vec2> clip = as_polygon(underlay->clip);
  if (clip.size() < 3) {
    out.warn(
        "NOT_DRAWN", "UNDERLAY",
        "An underlay's page is in another file: its size is not known and its frame is not drawn.");
    return;
  }
  const Ocs ocs(entity.normal);
  const double a = underlay->rotation_deg * (std::numbers::pi / 180);
  const Vec3 x = ocs.to_wcs({std::cos(a), std::sin(a), 0}) * underlay->scale.x;
  const Vec3 y = ocs.to_wcs({-std::sin(a), std::cos(a), 0}) * underlay->scale.y;
  const Affine plane = out.frame.view.plane(ocs.to_wcs(underlay->position), x, y);
  Box2 box;
  for (const Vec2 p : clip) box.add(p);
  const ImageFrame frame{
      plane({box.min_x, box.min_y}), plane.direction({box.width(), 0}),
      plane.direction({0, box.height()}),
      definition != nullptr ? std::string_view(definition->path) : std::string_view()};
  Path outline;
  if (underlay->clipping() && !underlay->clip_inside()) add_polygon(outline, clip, plane);
  emit(out, frame, outline, false);
}

void draw(Emitter& out, const Indirect<OleFrame>& ole, const Entity&) {
  if (ole->is_ole2 ? ole->upper_left == ole->lower_right : !ole->has_corners) return;
  const Vec3 a = ole->upper_left, b = ole->lower_right;
  const Vec2 corner = out.frame.view(Vec3{a.x, b.y, a.z});
  const ImageFrame frame{corner, out.frame.view(Vec3{b.x, b.y, a.z}) - corner,
                         out.frame.view(a) - corner, "OLE object"};
  emit(out, frame, Path{}, false);
}

}  // namespace cad::scene::detail
