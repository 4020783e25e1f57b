// SPDX-License-Identifier: Apache-2.0
// LWPOLYLINE, and POLYLINE with its VERTEX records (DXF Reference, ENTITIES section).
#include "formats/dxf/polylines.hpp"

#include <algorithm>

namespace cad::dxf {
namespace {

std::uint16_t flags_of(EntityTags& in) { return static_cast<std::uint16_t>(in.integer()); }

std::uint32_t count_of(EntityTags& in) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(in.integer(), 0, 0xffff));
}

std::int32_t vertex_number(EntityTags& in) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(in.integer(), -0x7fffffff, 0x7fffffff));
}

}  // namespace

Geometry read_lwpolyline(EntityTags& in) {
  LwPolyline line;
  std::vector<LwVertex>& vertices = line.vertices;
  bool full = false;  // groups of a vertex that no longer fits must not change the last one
  while (in.next()) {
    LwVertex* const last = vertices.empty() || full ? nullptr : &vertices.back();
    switch (in.code()) {
      case 10:
        full = !in.room_for_vertex(vertices.size());
        if (!full) vertices.push_back({in.number()});
        break;
      case 20:
        if (last != nullptr) last->y = in.number();
        break;
      case 40:
        if (last != nullptr) last->start_width = in.number();
        break;
      case 41:
        if (last != nullptr) last->end_width = in.number();
        break;
      case 42:
        if (last != nullptr) last->bulge = in.number();
        break;
      case 90: {
        const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(in.integer(), 0));
        if (vertices.empty()) vertices.reserve(std::min<std::uint64_t>(count, 1024));
        break;
      }
      case 38: line.elevation = in.number(); break;
      case 43:
        line.constant_width = in.number();
        line.has_constant_width = true;
        break;
      case 70: {
        const auto flags = flags_of(in);
        line.closed = (flags & 1) != 0;
        line.plinegen = (flags & 128) != 0;
        break;
      }
      default: break;
    }
  }
  return line;
}

Geometry read_polyline(EntityTags& in) {
  Indirect<Polyline> polyline;
  Polyline& p = *polyline;
  while (in.next()) {
    switch (in.code()) {
      case 30:
      case 38: p.elevation = in.number(); break;
      case 40: p.default_start_width = in.number(); break;
      case 41: p.default_end_width = in.number(); break;
      case 70: p.flags = flags_of(in); break;
      case 71: p.m_count = count_of(in); break;
      case 72: p.n_count = count_of(in); break;
      case 73: p.m_density = count_of(in); break;
      case 74: p.n_density = count_of(in); break;
      case 75: p.smooth_type = flags_of(in); break;
      default: break;
    }
  }
  if ((p.flags & 64) != 0) {
    p.kind = Polyline::Kind::polyface;
  } else if ((p.flags & 16) != 0) {
    p.kind = Polyline::Kind::mesh;
  } else if ((p.flags & 8) != 0) {
    p.kind = Polyline::Kind::poly3d;
  }
  return polyline;
}

void read_vertex(EntityTags& in, Polyline& polyline) {
  PolyVertex vertex;
  vertex.start_width = polyline.default_start_width;
  vertex.end_width = polyline.default_end_width;
  if (polyline.kind == Polyline::Kind::poly2d) vertex.position.z = polyline.elevation;
  std::array<std::int32_t, 4> corners{};
  while (in.next()) {
    switch (in.code()) {
      case 10: vertex.position.x = in.number(); break;
      case 20: vertex.position.y = in.number(); break;
      case 30: vertex.position.z = in.number(); break;
      case 40: vertex.start_width = in.number(); break;
      case 41: vertex.end_width = in.number(); break;
      case 42: vertex.bulge = in.number(); break;
      case 70: vertex.flags = flags_of(in); break;
      case 71: corners[0] = vertex_number(in); break;
      case 72: corners[1] = vertex_number(in); break;
      case 73: corners[2] = vertex_number(in); break;
      case 74: corners[3] = vertex_number(in); break;
      default: break;
    }
  }
  vertex.handle = in.entity().handle;
  const bool is_face = (vertex.flags & 192) == 128;
  if (is_face) {
    if (in.room_for_vertex(polyline.faces.size())) polyline.faces.push_back(corners);
  } else if (in.room_for_vertex(polyline.vertices.size())) {
    polyline.vertices.push_back(vertex);
  }
}

}  // namespace cad::dxf
