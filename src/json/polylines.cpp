// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "json/families.hpp"

namespace cad::json {
namespace {

constexpr std::uint16_t kSplineFrame = 16;  // VERTEX group 70: a control point, not on the curve

void write_bulge_and_widths(Writer& w, double bulge, double start_width, double end_width) {
  if (bulge != 0) w.field("bulge", bulge);
  if (start_width == 0 && end_width == 0) return;
  w.field("startWidth", start_width);
  w.field("endWidth", end_width);
}

void write_open_point(Writer& w, Vec3 p) {
  w.begin_object();
  w.field("x", p.x);
  w.field("y", p.y);
  if (p.z != 0) w.field("z", p.z);
}

void write_vertex(Scope& s, const Polyline& g, const PolyVertex& v) {
  const bool flat = g.kind == Polyline::Kind::poly2d;
  Vec3 p = v.position;
  // A 2D polyline lies at its elevation; old files repeat it in the vertices, newer ones do not.
  if (flat && p.z == 0) p.z = g.elevation;
  write_open_point(s.w, flat ? s.world(p) : p);
  if (flat) write_bulge_and_widths(s.w, v.bulge, v.start_width, v.end_width);
  if ((v.flags & kSplineFrame) != 0 && g.kind != Polyline::Kind::mesh) s.w.flag("control", true);
  s.w.end_object();
}

// Faces as 0-based vertex numbers. Numbers that point nowhere are left out.
void write_polyface(Writer& w, const Polyline& g) {
  for (const auto& face : g.faces) {
    w.begin_array();
    for (const std::int32_t number : face) {
      const std::int64_t vertex = std::abs(static_cast<std::int64_t>(number));
      if (vertex != 0 && static_cast<std::uint64_t>(vertex) <= g.vertices.size())
        w.integer(vertex - 1);
    }
    w.end_array();
  }
}

void write_quad(Writer& w, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  w.begin_array();
  for (const std::uint64_t v : {a, b, c, d}) w.integer(static_cast<std::int64_t>(v));
  w.end_array();
}

// The quadrilaterals of an M x N mesh, wrapped around where it is closed. A smoothed mesh keeps its
// control net in front of (or among) the surface's points: then there is no such plain grid.
void write_mesh(Writer& w, const Polyline& g) {
  const std::uint64_t m = g.m_count, n = g.n_count;
  if (m < 2 || n < 2 || m * n != g.vertices.size()) return;
  const std::uint64_t rows = g.closed() ? m : m - 1, columns = g.closed_n() ? n : n - 1;
  for (std::uint64_t i = 0; i < rows; ++i)
    for (std::uint64_t j = 0; j < columns; ++j) {
      const std::uint64_t i1 = (i + 1) % m, j1 = (j + 1) % n;
      write_quad(w, i * n + j, i * n + j1, i1 * n + j1, i1 * n + j);
    }
}

std::string_view justification_name(std::uint8_t justification) {
  switch (justification) {
    case 1: return "zero";
    case 2: return "bottom";
    default: return "top";
  }
}

}  // namespace

void write_lw_vertex(Scope& s, const LwVertex& v, double elevation, double constant_width) {
  write_open_point(s.w, s.world(Vec2{v.x, v.y}, elevation));
  if (constant_width != 0)
    write_bulge_and_widths(s.w, v.bulge, constant_width, constant_width);
  else
    write_bulge_and_widths(s.w, v.bulge, v.start_width, v.end_width);
  s.w.end_object();
}

void write_geometry(Scope& s, const LwPolyline& g) {
  s.w.key("vertices");
  s.w.begin_array();
  const double width = g.has_constant_width ? g.constant_width : 0;
  for (const LwVertex& v : g.vertices) write_lw_vertex(s, v, g.elevation, width);
  s.w.end_array();
  s.w.flag("closed", g.closed);
  s.w.flag("filled", false);
  write_plane(s);
}

void write_geometry(Scope& s, const Polyline& g) {
  const bool mesh = g.kind == Polyline::Kind::mesh, polyface = g.kind == Polyline::Kind::polyface;
  s.w.key("vertices");
  s.w.begin_array();
  for (const PolyVertex& v : g.vertices) write_vertex(s, g, v);
  s.w.end_array();
  s.w.flag("closed", g.closed());
  s.w.flag("filled", false);
  if (mesh || polyface) {
    s.w.key("faces");
    s.w.begin_array();
    mesh ? write_mesh(s.w, g) : write_polyface(s.w, g);
    s.w.end_array();
  }
  if (g.kind == Polyline::Kind::poly2d) write_plane(s);
}

void write_geometry(Scope& s, const MLine& g) {
  s.w.key("vertices");
  s.w.begin_array();
  for (const MLineVertex& v : g.vertices) write_point(s.w, v.position);
  s.w.end_array();
  s.w.flag("closed", g.closed());
  s.w.field("style", g.style_name);
  s.w.field("scale", g.scale);
  s.w.field("justification", justification_name(g.justification));
}

}  // namespace cad::json
