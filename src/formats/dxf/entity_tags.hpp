// SPDX-License-Identifier: Apache-2.0
// What an entity reader sees: the groups of one entity that are its own. Groups every entity has
// (handle, layer, color, linetype, lineweight, visibility, extrusion, thickness, xdata, reactors,
// extension dictionary) are taken by next() before the entity's subclass sees them.
//
//   Geometry read_circle(EntityTags& in) {
//     Circle c;
//     while (in.next()) switch (in.code()) {
//       case 10: c.center.x = in.number(); break;
//       ...
//     }
//     return c;
//   }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/dxf/tags.hpp"
#include "model/drawing.hpp"

namespace cad::dxf {

class Loader;

class EntityTags {
 public:
  EntityTags(TagCursor& tags, Loader& loader, Entity& entity);

  bool next();                        // false at the next group 0 (left for the caller)
  int code() const;
  double number();
  std::int64_t integer();
  bool flag();
  std::uint64_t handle();
  std::string text();                 // decoded UTF-8
  std::string_view raw() const;
  void append_binary(std::string& out);
  // The AcDb marker (group 100) that the present group belongs to; "" before the first and in R12.
  std::string_view subclass() const;

  Entity& entity();                   // common properties; normal and thickness are here, too
  Loader& loader();
  const Limits& limits() const;
  // One warning about this entity type, counted when repeated.
  void warn(std::string_view code, std::string_view message);
  // True while another vertex (or other repeated item) may still be stored; warns once when not.
  bool room_for_vertex(std::size_t have);
};

// Name and handle look-ups. Names are case-insensitive; what is not defined (yet) is made and
// marked implicit, so readers never wait for a later section.
class Names {
 public:
  virtual ~Names() = default;
  virtual LayerId layer(std::string_view utf8) = 0;
  virtual LinetypeId linetype(std::string_view utf8) = 0;  // "BYLAYER" and "BYBLOCK" included
  virtual TextStyleId text_style(std::string_view utf8) = 0;
  virtual DimStyleId dim_style(std::string_view utf8) = 0;
  virtual MLineStyleId mline_style(std::string_view utf8) = 0;
  virtual BlockId block(std::string_view utf8) = 0;
  // By handle: tables come before the entities in a DXF file, so none = never defined.
  virtual LayerId layer_by_handle(Handle h) = 0;
  virtual LinetypeId linetype_by_handle(Handle h) = 0;
  virtual TextStyleId text_style_by_handle(Handle h) = 0;
  virtual DimStyleId dim_style_by_handle(Handle h) = 0;
  virtual BlockId block_by_handle(Handle h) = 0;            // of the BLOCK_RECORD
  // Objects that come after the entities: made empty now, filled when OBJECTS is read.
  virtual ImageDefId image_def(Handle h) = 0;
  virtual UnderlayDefId underlay_def(Handle h) = 0;
};

}  // namespace cad::dxf
