// SPDX-License-Identifier: Apache-2.0
// What kinds of objects there are: by fixed number (ODA 20.3) or by the name of their class.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/entity.hpp"

namespace cad::dwg {

class EntityIn;
class ObjectIn;

enum class Role : std::uint8_t {
  unreadable,  // no object could be framed at the place the map gives
  entity,
  vertex,  // of a POLYLINE, read with it
  seqend,
  block_begin,  // BLOCK
  block_end,    // ENDBLK
  control,      // a table's list of records
  layer,
  linetype,
  text_style,
  dim_style,
  block_header,
  other_record,  // VIEW, UCS, VPORT, APPID, viewport entity header
  object
};

using ReadEntity = Geometry (*)(EntityIn& in);
using ReadObject = void (*)(ObjectIn& in);

struct TypeRow {
  std::string_view name;  // DXF name
  Role role = Role::object;
  ReadEntity read_entity = nullptr;  // null: kept by name only
  ReadObject read_object = nullptr;  // null: nothing of it goes into the drawing
};

// Null when the number is not a fixed one.
const TypeRow* fixed_type(std::uint16_t code);
// By a class's DXF name; null when it is none we know.
const TypeRow* named_type(std::string_view dxf_name);
// For classes we do not know.
extern const TypeRow kUnknownEntity;
extern const TypeRow kUnknownObject;

}  // namespace cad::dwg
