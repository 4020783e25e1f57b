// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/vec.hpp"

namespace cad {

// SOLID and TRACE (OCS, corners in the stored "bow-tie" order 1 2 4 3) and 3DFACE (WCS, in order).
struct Solid {
  enum class Kind : std::uint8_t { solid, trace, face3d };
  Kind kind = Kind::solid;
  std::uint8_t invisible_edges = 0;  // 3DFACE group 70, bit n = edge n+1
  std::array<Vec3, 4> corners{};
};

struct Mesh {  // MESH (subdivision); WCS, level-0 cage
  std::vector<Vec3> vertices;
  std::vector<std::vector<std::uint32_t>> faces;
  std::vector<std::array<std::uint32_t, 2>> edges;
  std::vector<double> creases;  // of `edges`, in their order
  std::uint32_t subdivision_level = 0;
  bool blend_crease = false;
};

// REGION, BODY, 3DSOLID and the surfaces: boundary representation kept as ACIS data.
struct AcisBody {
  std::string type;                        // the DXF name: "3DSOLID", "REGION", "PLANESURFACE" ...
  std::string sat;                         // text form, decoded; empty where the data is elsewhere
  std::vector<std::uint8_t> sab;           // binary form
  std::vector<std::array<Vec3, 2>> edges;  // wireframe where it could be extracted
  std::uint16_t format_version = 1;
  bool is_external = false;  // the data is in the file's data storage section (2013 and later)
  std::string uid;           // names it there
};

// An entity of an application we do not know, or a DXF type without a reader of its own.
struct Unknown {
  std::string type;        // the DXF name as written
  std::string class_name;  // C++ class from CLASSES, when known
  std::string app_name;    // application that defines it, when known
  bool is_proxy = false;
  std::int32_t class_id = 0;           // proxies: number in CLASSES, the first is 500
  std::vector<std::uint8_t> graphics;  // proxy graphics, when present
};

}  // namespace cad
