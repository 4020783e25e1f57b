// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/solids.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "formats/acad/acis.hpp"
#include "formats/dxf/fields.hpp"
#include "formats/dxf/loader.hpp"

namespace cad::dxf {
namespace {

// A missing third or fourth corner is the one before it.
Geometry read_corners(EntityTags& in, Solid::Kind kind) {
  Solid s;
  s.kind = kind;
  bool has_third = false, has_fourth = false;
  while (in.next()) {
    has_third = has_third || in.code() == 12;
    has_fourth = has_fourth || in.code() == 13;
    if (take_point(in, 10, s.corners[0]) || take_point(in, 11, s.corners[1]) ||
        take_point(in, 12, s.corners[2]) || take_point(in, 13, s.corners[3]))
      continue;
    if (in.code() == 70 && kind == Solid::Kind::face3d)
      s.invisible_edges = static_cast<std::uint8_t>(in.integer() & 15);
  }
  if (!has_third) s.corners[2] = s.corners[1];
  if (!has_fourth) s.corners[3] = s.corners[2];
  return s;
}

// Four lists, each behind its count: vertices (92), face list (93: items; a face is its number of
// corners, then their numbers), edges (94: pairs), creases (95). 90 is an item of the list that is
// being read; what follows 95 are property overrides, which use the same codes again.
struct MeshReader {
  EntityTags& in;
  Mesh m;
  enum class List : std::uint8_t { none, faces, edges, overrides } list = List::none;
  std::size_t items = 0;
  std::size_t corners_left = 0, faces_items_left = 0;
  std::uint64_t edge_items_left = 0;
  std::uint64_t creases_left = 0;
  std::optional<std::uint32_t> edge_start{};
  bool bad = false;

  void take_group() {
    if (take_points(in, 10, m.vertices)) return;
    if (list == List::overrides && in.code() != 140) return;
    switch (in.code()) {
      case 72: m.blend_crease = in.flag(); break;
      case 91: m.subdivision_level = integer_as<std::uint32_t>(in); break;
      case 93:
        list = List::faces;
        faces_items_left = integer_as<std::uint32_t>(in);
        break;
      case 94:
        list = List::edges;
        edge_items_left = std::uint64_t{integer_as<std::uint32_t>(in)} * 2;
        break;
      case 95:
        list = List::overrides;
        creases_left = integer_as<std::uint32_t>(in);
        break;
      case 90: take_item(in.integer()); break;
      case 140:
        if (creases_left > 0 && room()) m.creases.push_back(in.number());
        if (creases_left > 0) --creases_left;
        break;
      default: break;
    }
  }

  // Faces and edges that name vertices the mesh does not have are dropped.
  void settle() {
    const std::size_t have = m.vertices.size();
    const auto inside = [&](std::uint32_t v) { return v < have; };
    const std::size_t faces = std::erase_if(m.faces, [&](const std::vector<std::uint32_t>& face) {
      return face.size() < 3 || !std::all_of(face.begin(), face.end(), inside);
    });
    bool edges_match = m.creases.size() == m.edges.size();
    const std::size_t edges = std::erase_if(
        m.edges, [&](const auto& edge) { return !inside(edge[0]) || !inside(edge[1]); });
    if (faces + edges > 0 || bad)
      in.warn("MESH_DAMAGED", "A mesh has faces or edges without vertices; they were left out.");
    edges_match = edges_match && edges == 0;
    if (!edges_match) m.creases.clear();
  }

 private:
  bool room() { return in.room_for_vertex(items++); }

  void take_item(std::int64_t value) {
    const bool fits = value >= 0 && value <= 0xffffffff;
    if (list == List::faces) take_face_item(fits ? static_cast<std::uint32_t>(value) : 0xffffffff);
    if (list == List::edges) take_edge_item(fits ? static_cast<std::uint32_t>(value) : 0xffffffff);
  }

  void take_face_item(std::uint32_t value) {
    if (faces_items_left == 0 || !room()) return;
    --faces_items_left;
    if (corners_left > 0) {
      m.faces.back().push_back(value);
      --corners_left;
    } else if (value > faces_items_left) {  // more corners than the list still has
      bad = true;
      faces_items_left = 0;
    } else {
      m.faces.emplace_back();
      corners_left = value;
    }
  }

  void take_edge_item(std::uint32_t value) {
    if (edge_items_left == 0 || !room()) return;
    --edge_items_left;
    if (edge_start) {
      m.edges.push_back({*edge_start, value});
      edge_start.reset();
    } else {
      edge_start = value;
    }
  }
};

}  // namespace

Geometry read_solid(EntityTags& in) {
  return read_corners(in, in.type() == "TRACE" ? Solid::Kind::trace : Solid::Kind::solid);
}

Geometry read_face3d(EntityTags& in) { return read_corners(in, Solid::Kind::face3d); }

Geometry read_mesh(EntityTags& in) {
  MeshReader reader{in, {}};
  while (in.next()) reader.take_group();
  reader.settle();
  return Indirect<Mesh>(std::move(reader.m));
}

namespace {

// Lines of ACIS text longer than a group are cut into pieces of 255 bytes: some programs write a
// full group 1 and go on with groups 3, others full groups 3 and end with a group 1.
struct SatReader {
  EntityTags& in;
  std::string text{};
  int last_code = 0;
  bool last_was_full = false;

  void take() {
    const std::string_view piece = in.raw();
    if (text.size() + piece.size() + 1 > in.limits().max_embedded_bytes) {
      in.warn("LIMIT_ACIS", "The boundary data of a solid is longer than what is read.");
      return;
    }
    const bool goes_on = last_was_full && (in.code() == 3 || last_code == 3);
    if (!goes_on && !text.empty()) text += '\n';
    // ASCII files escape the caret that an A becomes: undone first.
    if (in.loader().tags().is_binary())
      acad::decipher_sat(piece, text);
    else
      acad::decipher_sat(decode_carets(piece), text);
    last_code = in.code();
    last_was_full = piece.size() >= 250;
  }
};

}  // namespace

// From 2013 on the data is binary and stored in a section of its own; then only its name (2) is
// here.
Geometry read_acis(EntityTags& in) {
  AcisBody body;
  body.type = std::string(in.type());
  SatReader sat{in};
  while (in.next()) {
    if (in.subclass() != "AcDbModelerGeometry") continue;
    switch (in.code()) {
      case 1:
      case 3: sat.take(); break;
      case 2: body.uid = in.text(); break;
      case 70: body.format_version = integer_as<std::uint16_t>(in); break;
      case 290: body.is_external = true; break;
      default: break;
    }
  }
  body.sat = std::move(sat.text);
  body.edges = acad::read_wireframe(in.loader(), body.sat, body.type);
  return Indirect<AcisBody>(std::move(body));
}

}  // namespace cad::dxf
