// SPDX-License-Identifier: Apache-2.0
// One draw() for each alternative of Geometry, and what families use of each other.
#pragma once

#include <span>
#include <vector>

#include "model/entity.hpp"
#include "scene/emitter.hpp"
#include "text/layout.hpp"

namespace cad::scene::detail {

// curves.cpp
void draw(Emitter& out, const Line& line, const Entity& entity);
void draw(Emitter& out, const Point& point, const Entity& entity);
void draw(Emitter& out, const Circle& circle, const Entity& entity);
void draw(Emitter& out, const Arc& arc, const Entity& entity);
void draw(Emitter& out, const Ellipse& ellipse, const Entity& entity);
void draw(Emitter& out, const Indirect<Spline>& spline, const Entity& entity);
void draw(Emitter& out, const Ray& ray, const Entity& entity);
void draw(Emitter& out, const XLine& line, const Entity& entity);
void draw(Emitter& out, const Indirect<Helix>& helix, const Entity& entity);
// polylines.cpp, meshes.cpp, mlines.cpp
void draw(Emitter& out, const LwPolyline& polyline, const Entity& entity);
void draw(Emitter& out, const Indirect<Polyline>& polyline, const Entity& entity);
void draw(Emitter& out, const Indirect<MLine>& mline, const Entity& entity);
void draw_mesh(Emitter& out, const Polyline& polyline);
void draw_polyface(Emitter& out, const Polyline& polyline);
// text.cpp
void draw(Emitter& out, const Text& text, const Entity& entity);
void draw(Emitter& out, const Indirect<MText>& text, const Entity& entity);
void draw(Emitter& out, const Indirect<Attribute>& attribute, const Entity& entity);
void draw(Emitter& out, const Indirect<Tolerance>& tolerance, const Entity& entity);
void draw(Emitter& out, const Indirect<Shape>& shape, const Entity& entity);
void draw_mtext(Emitter& out, const MText& text, Vec3 normal);
// The plane of an MTEXT, seen: origin at its point, x along its direction.
Affine mtext_plane(const Emitter& out, const MText& text, Vec3 normal);
void draw_laid_out(Emitter& out, text::LaidOutText&& text, const Affine& plane);
// hatch.cpp
void draw(Emitter& out, const Indirect<Hatch>& hatch, const Entity& entity);
// blocks.cpp
void draw(Emitter& out, const Indirect<Insert>& insert, const Entity& entity);
void draw(Emitter& out, const Indirect<Table>& table, const Entity& entity);
// Draws the content of a block, placed in the frame's coordinates; layer 0 and BYBLOCK take the
// current look. False when there is nothing to draw.
bool draw_block(Emitter& out, BlockId block, const Placement& placement);
// dimensions.cpp
void draw(Emitter& out, const Indirect<Dimension>& dimension, const Entity& entity);
// leaders.cpp, mleaders.cpp
void draw(Emitter& out, const Indirect<Leader>& leader, const Entity& entity);
void draw(Emitter& out, const Indirect<MLeader>& leader, const Entity& entity);
// An arrow head with its tip at `tip`, pointing along `direction` (WCS), closed and filled unless
// `block` draws another.
void draw_arrow(Emitter& out, Vec3 tip, Vec3 direction, Vec3 normal, double size, BlockId block);
// viewport.cpp
void draw(Emitter& out, const Indirect<Viewport>& viewport, const Entity& entity);
// solids.cpp
void draw(Emitter& out, const Solid& solid, const Entity& entity);
void draw(Emitter& out, const Indirect<Mesh>& mesh, const Entity& entity);
void draw(Emitter& out, const Indirect<AcisBody>& body, const Entity& entity);
// proxy.cpp
void draw(Emitter& out, const Indirect<Unknown>& unknown, const Entity& entity);
// images.cpp
void draw(Emitter& out, const Indirect<Image>& image, const Entity& entity);
void draw(Emitter& out, const Indirect<Underlay>& underlay, const Entity& entity);
void draw(Emitter& out, const Indirect<OleFrame>& frame, const Entity& entity);

// Appends an arc of the plane, seen by the map, continuing the path (or starting it).
void add_arc(Path& path, const EllipticArc& arc, const Affine& plane, bool start);
// Appends Beziers in space (geom/nurbs.hpp).
void add_beziers(Path& path, std::span<const Vec3> beziers, const Projection& view);
// Appends the outline of a polyline with bulges in its plane.
void add_polyline(Path& path, std::span<const LwVertex> vertices, bool closed, const Affine& plane);

}  // namespace cad::scene::detail
