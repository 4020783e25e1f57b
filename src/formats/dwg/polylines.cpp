// SPDX-License-Identifier: Apache-2.0
// LWPOLYLINE (ODA 20.4.85); POLYLINE 2D, 3D, PFACE, MESH (20.4.16, 20.4.17, 20.4.33, 20.4.34) with
// their VERTEX kinds (20.4.11 to 20.4.15).
#include "formats/dwg/polylines.hpp"

#include <cmath>

namespace cad::dwg {
namespace {

// The first number of the lightweight polyline: what is stored, and what DXF has in group 70.
enum LwFlag : std::uint16_t {
  kHasNormal = 1,
  kHasThickness = 2,
  kHasConstantWidth = 4,
  kHasElevation = 8,
  kHasBulges = 16,
  kHasWidths = 32,
  kPlinegen = 256,
  kClosed = 512,
  kHasVertexIds = 1024
};

// From 2000 on a coordinate may be stored as its difference to the one before.
void read_points(EntityIn& in, std::size_t claimed, std::vector<LwVertex>& vertices) {
  const std::size_t kept = in.loader().room_for_vertices(claimed, in.type());
  const bool packed = in.from(Version::r2000);
  vertices.resize(kept);
  Vec2 point;
  for (std::size_t i = 0; i < claimed; ++i) {
    if (packed && i > 0) {
      point.x = in.dd(point.x);
      point.y = in.dd(point.y);
    } else {
      point = in.rd2();
    }
    if (i >= kept) continue;
    vertices[i].x = point.x;
    vertices[i].y = point.y;
  }
}

}  // namespace

Geometry read_lwpolyline(EntityIn& in) {
  LwPolyline line;
  const std::uint16_t flags = in.ubs();
  line.closed = (flags & kClosed) != 0;
  line.plinegen = (flags & kPlinegen) != 0;
  // Without widths of their own all vertices have the same: 0 where none is stored.
  line.has_constant_width = (flags & (kHasConstantWidth | kHasWidths)) != kHasWidths;
  if ((flags & kHasConstantWidth) != 0) line.constant_width = in.bd();
  if ((flags & kHasElevation) != 0) line.elevation = in.bd();
  if ((flags & kHasThickness) != 0) in.entity().thickness = in.bd();
  if ((flags & kHasNormal) != 0) in.entity().normal = in.bd3();
  const std::size_t points = in.count(in.ubl(), in.from(Version::r2000) ? 4 : 128);
  const std::size_t bulges = in.count((flags & kHasBulges) != 0 ? in.ubl() : 0, 2);
  const std::size_t ids = in.count((flags & kHasVertexIds) != 0 ? in.ubl() : 0, 2);
  const std::size_t widths = in.count((flags & kHasWidths) != 0 ? in.ubl() : 0, 4);
  if (!in.ok()) return line;
  read_points(in, points, line.vertices);
  for (std::size_t i = 0; i < bulges; ++i) {
    const double bulge = in.bd();
    if (i < line.vertices.size()) line.vertices[i].bulge = bulge;
  }
  for (std::size_t i = 0; i < ids; ++i) in.bl();
  for (std::size_t i = 0; i < widths; ++i) {
    const Vec2 width = in.bd2();
    if (i >= line.vertices.size()) continue;
    line.vertices[i].start_width = width.x;
    line.vertices[i].end_width = width.y;
  }
  return line;
}

namespace {

// By type code.
enum VertexKind : std::uint16_t {
  kVertex2d = 10,
  kVertex3d = 11,
  kVertexMesh = 12,
  kVertexPface = 13,
  kPfaceFace = 14
};

// A negative start width stands for both widths. The elevation is the polyline's.
PolyVertex read_vertex_2d(EntityIn& in, double elevation) {
  PolyVertex vertex;
  vertex.flags = in.rc();
  vertex.position = in.bd3();
  vertex.position.z = elevation;
  vertex.start_width = in.bd();
  vertex.end_width = vertex.start_width < 0 ? vertex.start_width : in.bd();
  vertex.start_width = std::abs(vertex.start_width);
  vertex.end_width = std::abs(vertex.end_width);
  vertex.bulge = in.bd();
  if (in.from(Version::r2010)) in.bl();  // its number
  in.bd();                               // tangent direction
  return vertex;
}

PolyVertex read_vertex_3d(EntityIn& in) {
  PolyVertex vertex;
  vertex.flags = in.rc();
  vertex.position = in.bd3();
  return vertex;
}

std::array<std::int32_t, 4> read_face(EntityIn& in) {
  std::array<std::int32_t, 4> corners{};
  for (std::int32_t& corner : corners) corner = in.bs();
  return corners;
}

void read_vertex(EntityIn& in, Slot& slot, Polyline& polyline) {
  Entity own;
  EntityIn vertex(in.loader().open(slot), own);
  vertex.read_head();
  slot.fate = Fate::structure;
  const std::uint16_t kind = vertex.type_code();
  PolyVertex point;
  std::array<std::int32_t, 4> face{};
  if (kind == kPfaceFace) {
    face = read_face(vertex);
  } else {
    point = kind == kVertex2d ? read_vertex_2d(vertex, polyline.elevation) : read_vertex_3d(vertex);
  }
  in.loader().note_leftover(vertex);
  if (!vertex.ok()) {
    slot.fate = Fate::declared;
    vertex.warn("DWG_VERTEX_DAMAGED", "A vertex of a polyline is damaged and was left out.");
    return;
  }
  if (vertex.bad_number())
    vertex.warn("DWG_BAD_NUMBER", "A number is not finite or absurdly large; read as 0.");
  const std::size_t have = polyline.vertices.size() + polyline.faces.size();
  if (!in.room_for_vertex(have)) {
    slot.fate = Fate::declared;
  } else if (kind == kPfaceFace) {
    polyline.faces.push_back(face);
  } else {
    point.handle = slot.handle;
    polyline.vertices.push_back(point);
  }
}

void read_vertices(EntityIn& in, Polyline& polyline) {
  const std::uint32_t count = in.from(Version::r2004) ? in.ubl() : 0;
  const std::vector<Slot*> parts = in.owned(count);
  polyline.vertices.reserve(parts.size());
  for (Slot* const slot : parts) {
    if (slot->role == Role::seqend) {
      slot->fate = Fate::structure;
    } else if (slot->role == Role::vertex) {
      read_vertex(in, *slot, polyline);
    } else {
      slot->claimed = false;
      in.warn("DWG_BAD_VERTEX", "A polyline lists something that is no vertex; ignored.");
    }
  }
  if (Slot* const end = in.loader().find(in.handle()); end != nullptr && end->role == Role::seqend)
    end->fate = Fate::structure;
}

constexpr std::uint16_t kIsClosed = 1, kIsSplined = 4, kIs3d = 8, kIsMesh = 16, kIsPolyface = 64;

}  // namespace

Geometry read_polyline_2d(EntityIn& in) {
  Indirect<Polyline> polyline;
  polyline->flags = in.ubs();
  polyline->smooth_type = in.ubs();
  polyline->default_start_width = in.bd();
  polyline->default_end_width = in.bd();
  in.entity().thickness = in.thickness(in.version());
  polyline->elevation = in.bd();
  in.entity().normal = in.extrusion(in.version());
  read_vertices(in, *polyline);
  return polyline;
}

Geometry read_polyline_3d(EntityIn& in) {
  Indirect<Polyline> polyline;
  polyline->kind = Polyline::Kind::poly3d;
  const std::uint8_t curve = in.rc();  // 1 quadratic, 2 cubic
  const std::uint8_t closed = in.rc();
  polyline->flags = kIs3d;
  if ((closed & 1) != 0) polyline->flags |= kIsClosed;
  if ((curve & 3) != 0) {
    polyline->flags |= kIsSplined;
    polyline->smooth_type = (curve & 1) != 0 ? 5 : 6;
  }
  read_vertices(in, *polyline);
  return polyline;
}

Geometry read_polyline_pface(EntityIn& in) {
  Indirect<Polyline> polyline;
  polyline->kind = Polyline::Kind::polyface;
  polyline->flags = kIsPolyface;
  polyline->m_count = in.ubs();
  polyline->n_count = in.ubs();
  read_vertices(in, *polyline);
  return polyline;
}

Geometry read_polyline_mesh(EntityIn& in) {
  Indirect<Polyline> polyline;
  polyline->kind = Polyline::Kind::mesh;
  polyline->flags = static_cast<std::uint16_t>(in.ubs() | kIsMesh);
  polyline->smooth_type = in.ubs();
  polyline->m_count = in.ubs();
  polyline->n_count = in.ubs();
  polyline->m_density = in.ubs();
  polyline->n_density = in.ubs();
  read_vertices(in, *polyline);
  return polyline;
}

}  // namespace cad::dwg
