// SPDX-License-Identifier: Apache-2.0
// What an entity reader sees: the groups of one entity that are its own. Groups every entity has
// (handle, layer, color, linetype, lineweight, visibility, extrusion, thickness, xdata, reactors,
// extension dictionary) are taken by next() before the entity's reader sees them.
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

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/dxf/entity_table.hpp"
#include "formats/dxf/names.hpp"
#include "formats/dxf/tags.hpp"
#include "model/drawing.hpp"

namespace cad::dxf {

class Loader;

// Group 370 as the model has it. DXF writes by layer -1, by block -2, default -3.
std::int16_t lineweight_of(std::int64_t group_370);
// Group 440 and AcCmTransparency: the low byte is an alpha only with this bit.
inline constexpr std::uint64_t kTransparencyIsAlpha = 0x02000000;

class EntityTags {
 public:
  EntityTags(TagCursor& tags, Loader& loader, Entity& entity, std::string_view type,
             std::uint8_t traits);

  // The next own group. False at the next group 0, which is left for the caller.
  bool next() {
    while (tags_.next()) {
      const int code = tags_.code();
      if (static_cast<unsigned>(code) < kCommon.size() && !kCommon[static_cast<unsigned>(code)])
        return true;
      const Taken taken = take_common(code);
      if (taken == Taken::yes) continue;
      return taken == Taken::no;
    }
    return false;
  }
  int code() const { return tags_.code(); }
  double number() { return tags_.number(); }
  // Finite, but not held to Limits::max_coordinate: knots, parameters.
  double real() { return tags_.real(); }
  std::int64_t integer() { return tags_.integer(); }
  bool flag() { return tags_.flag(); }
  std::uint64_t handle() { return tags_.handle(); }
  std::string text();  // decoded UTF-8
  // Bytes of the file's code page. Texts that are split over several groups may be split inside a
  // character: join the raw pieces, then decode() the whole.
  std::string_view raw() const { return tags_.raw(); }
  std::string decode(std::string_view raw);
  void append_binary(std::string& out) { tags_.append_binary(out); }
  // The AcDb marker (group 100) that the present group belongs to; "" before the first and in R12.
  // "Embedded Object" after group 101: there every group is the reader's own, common codes too.
  std::string_view subclass() const { return subclass_; }

  Entity& entity() { return entity_; }  // common properties; normal and thickness are here, too
  Loader& loader() { return loader_; }
  const Limits& limits() const;
  Names& names();
  std::string_view type() const { return type_; }  // the DXF name as written
  // Extended data met so far: complete when next() has returned false.
  const std::vector<XdataApp>& xdata() const;
  const XdataApp* xdata(std::string_view app) const;  // null: none of that application

  // One warning about this entity type, counted when repeated.
  void warn(std::string_view code, std::string_view message);
  // True while another vertex (or other repeated item) may still be stored; warns once when not.
  bool room_for_vertex(std::size_t have);
  // For lists of points: the present point did not fit, so its further coordinates go nowhere.
  bool point_dropped = false;

  // For the section readers: owner (group 330) and layout name (group 410), as far as given.
  Handle owner() const { return owner_; }
  std::string_view layout_name() const { return layout_name_; }

 private:
  enum class Taken : std::uint8_t { yes, no, end };

  static constexpr std::array<bool, 1072> kCommon = [] {
    std::array<bool, 1072> common{};
    for (const int code :
         {0,   5,   6,   8,   39,  48,  60,  62,  67,  92,  100, 101, 102, 160, 210,
          220, 230, 284, 310, 330, 347, 348, 360, 370, 380, 390, 410, 420, 430, 440})
      common[static_cast<std::size_t>(code)] = true;
    for (std::size_t code = 1000; code < common.size(); ++code) common[code] = true;
    return common;
  }();

  Taken take_common(int code);
  Taken take_graphic(int code);
  void take_group();
  void take_xdata(int code);
  void take_color(std::int64_t value);
  Extra& extra();

  TagCursor& tags_;
  Loader& loader_;
  Entity& entity_;
  std::string_view type_;
  std::string_view subclass_;
  std::string_view layout_name_;
  Handle owner_ = 0;
  std::uint8_t traits_;
  bool in_common_part_ = true;  // before the entity's own subclass marker
  bool embedded_ = false;
  bool has_rgb_ = false;
  bool keeps_xdata_ = false;  // the present application's
};

}  // namespace cad::dxf
