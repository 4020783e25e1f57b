// SPDX-License-Identifier: Apache-2.0
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

void draw_face(Emitter& out, const Solid& face) {
  out.path.clear();
  const auto at = [&](std::size_t i) { return out.frame.view(face.corners[i]); };
  bool pen_down = false;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t next = (i + 1) % 4;
    const bool shown = (face.invisible_edges & (1u << i)) == 0 || out.measuring();
    const bool has_length = !(face.corners[i] == face.corners[next]);
    if (shown && has_length) {
      if (!pen_down) out.path.move_to(at(i));
      out.path.line_to(at(next));
    }
    pen_down = shown && (pen_down || has_length);
  }
  out.stroke_plain(out.path);
}

}  // namespace

void draw(Emitter& out, const Solid& solid, const Entity& entity) {
  if (solid.kind == Solid::Kind::face3d) return draw_face(out, solid);
  const Ocs ocs(entity.normal);
  const bool triangle = solid.corners[2] == solid.corners[3];
  out.path.clear();
  const auto at = [&](std::size_t i) { return out.frame.view(ocs.to_wcs(solid.corners[i])); };
  out.path.move_to(at(0));
  out.path.line_to(at(1));
  if (!triangle) out.path.line_to(at(3));  // stored 1 2 4 3
  out.path.line_to(at(2));
  out.path.close();
  if (out.drawing().header.fill_mode)
    out.fill(out.path, FillRule::non_zero, out.look.color);
  else
    out.stroke_plain(out.path);
}

void draw(Emitter& out, const Indirect<AcisBody>& body, const Entity&) {
  if (!out.spend(body->edges.size() / 16)) return;
  out.path.clear();
  for (const auto& edge : body->edges) {
    out.path.move_to(out.frame.view(edge[0]));
    out.path.line_to(out.frame.view(edge[1]));
  }
  out.stroke_plain(out.path);
  if (body->edges.empty())
    out.warn("NOT_DRAWN", body->type,
             body->type + " without edges that could be read from its modeler data: not drawn.");
}

}  // namespace cad::scene::detail
