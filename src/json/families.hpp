// SPDX-License-Identifier: Apache-2.0
// The members of an entity's "geometry", one overload for each alternative of cad::Geometry (an
// alternative without one does not compile), written between the braces that entity.cpp sets.
// Entities come upright (geom/wcs.hpp): their plane is horizontal seen from above, or tilted.
#pragma once

#include <string>
#include <string_view>

#include "geom/ocs.hpp"
#include "json/writer.hpp"
#include "model/drawing.hpp"

namespace cad::json {

// What a family needs to write one entity.
struct Scope {
  Writer& w;
  const Drawing& drawing;
  const Entity* entity = nullptr;
  bool tilted = false;  // the entity's plane is not horizontal: `frame` says where it is
  Ocs frame{Vec3{0, 0, 1}};

  // From the entity's plane to the world.
  Vec3 world(Vec3 p) const { return tilted ? frame.to_wcs(p) : p; }
  Vec3 world(Vec2 p, double elevation) const { return world(Vec3{p.x, p.y, elevation}); }
};

// "normal": only for tilted planes, so that angles, radii and bulges can be understood.
void write_plane(Scope& s);
void write_points(Writer& w, const std::vector<Vec3>& points);
void write_numbers(Writer& w, const std::vector<double>& numbers);
// A name, or null when the id is none.
void write_block_name(Scope& s, BlockId id);
// One vertex of an LWPOLYLINE (or of a hatch boundary): bulge and widths only where not 0.
void write_lw_vertex(Scope& s, const LwVertex& v, double elevation, double constant_width);

// curves.cpp
void write_geometry(Scope& s, const Line& g);
void write_geometry(Scope& s, const Point& g);
void write_geometry(Scope& s, const Circle& g);
void write_geometry(Scope& s, const Arc& g);
void write_geometry(Scope& s, const Ellipse& g);
void write_geometry(Scope& s, const Spline& g);
void write_geometry(Scope& s, const Ray& g);
void write_geometry(Scope& s, const XLine& g);
void write_geometry(Scope& s, const Helix& g);
// polylines.cpp
void write_geometry(Scope& s, const LwPolyline& g);
void write_geometry(Scope& s, const Polyline& g);
void write_geometry(Scope& s, const MLine& g);
// text.cpp
void write_geometry(Scope& s, const Text& g);
void write_geometry(Scope& s, const MText& g);
void write_geometry(Scope& s, const Attribute& g);
void write_geometry(Scope& s, const Tolerance& g);
void write_geometry(Scope& s, const Shape& g);
// blocks.cpp
void write_geometry(Scope& s, const Insert& g);
// hatch.cpp
void write_geometry(Scope& s, const Hatch& g);
// dimensions.cpp
void write_geometry(Scope& s, const Dimension& g);
void write_geometry(Scope& s, const Leader& g);
void write_geometry(Scope& s, const MLeader& g);
// table.cpp, viewport.cpp
void write_geometry(Scope& s, const Table& g);
void write_geometry(Scope& s, const Viewport& g);
// solids.cpp
void write_geometry(Scope& s, const Solid& g);
void write_geometry(Scope& s, const Mesh& g);
void write_geometry(Scope& s, const AcisBody& g);
// images.cpp
void write_geometry(Scope& s, const Image& g);
void write_geometry(Scope& s, const Underlay& g);
void write_geometry(Scope& s, const OleFrame& g);
// unknown.cpp
void write_geometry(Scope& s, const Unknown& g);

template <class T>
void write_geometry(Scope& s, const Indirect<T>& g) {
  write_geometry(s, *g);
}

// The value of an entity's "text" member: {value,height,style}, null for what is no text.
void write_text_member(Scope& s, const Entity& entity);
// A text's value as a reader sees it, straight into the document.
void write_text_value(Writer& w, const Text& text);
void write_attribute_value(Writer& w, const Attribute& attribute);

}  // namespace cad::json
