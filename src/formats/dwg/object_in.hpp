// SPDX-License-Identifier: Apache-2.0
// One object of the objects section: its data as a BitCursor, with the streams of strings (from
// 2007 on) and handles beside it (ODA 20.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/dwg/bit_cursor.hpp"
#include "model/style.hpp"

namespace cad::dwg {

class Loader;

// Extended data of one application, where it stands in the object.
struct EedBlock {
  Handle app = 0;
  std::uint64_t bit = 0;
  std::uint16_t bytes = 0;
};

class ObjectIn : public BitCursor {
 public:
  // Reads size, type and handle of the object at `offset` of the section; ok() tells whether they
  // make sense.
  ObjectIn(Loader& loader, Bytes section, std::uint64_t offset);

  Loader& loader() { return loader_; }
  Version version() const { return version_; }
  bool from(Version v) const { return version_ >= v; }
  Handle self() const { return self_; }
  std::uint16_t type_code() const { return type_; }
  std::string_view type() const { return type_name_; }  // the DXF name, for messages
  void set_type_name(std::string_view name) { type_name_ = name; }
  // The object without its checksum, size field included; for the checksum.
  Bytes framed() const { return framed_; }

  // TV: in the drawing's code page in the data, from 2007 on UTF-16 in the string stream. UTF-8.
  std::string text();
  // The next reference of the handle stream, absolute; 0 = none.
  Handle handle() { return handles_.h().resolve(self_); }
  bool handles_left() const { return handles_.bits_left() >= 8; }
  // CMC: the color fields of objects and of some entities' own data.
  Color color();
  // CMC as 2004 has it. Classes of that time have it so in drawings of older releases, too.
  Color full_color();

  BitCursor& handles() { return handles_; }
  BitCursor& strings() { return strings_; }
  const std::vector<EedBlock>& eed() const { return eed_; }
  bool all_ok() const { return ok() && handles_.ok() && strings_.ok(); }

  // True while another vertex (or item of like size) fits the budgets.
  bool room_for_vertex(std::size_t have);
  // A believable count of items, each of at least `min_bits` bits, all charged to the budget of
  // vertices.
  std::size_t vertex_count(std::uint64_t claimed, unsigned min_bits);
  void warn(std::string_view code, std::string_view message);

  // The next parts, in their order; called by begin_entity and begin_object.
  void read_eed();
  void set_handle_start(std::uint64_t bits_from_start);  // R13, R14: behind the extended data

 private:
  void place_streams(std::uint64_t handle_start);

  Loader& loader_;
  Version version_;
  Handle self_ = 0;
  std::uint16_t type_ = 0;
  std::string_view type_name_;
  Bytes framed_;
  std::uint64_t start_ = 0;  // first bit behind the size fields
  BitCursor strings_, handles_;
  std::vector<EedBlock> eed_;
};

// What objects that are no entities begin with, and the first of their handles.
struct ObjectCommon {
  Handle owner = 0;
  Handle extension_dictionary = 0;
  std::vector<Handle> reactors;
  bool has_data_store = false;
};
ObjectCommon begin_object(ObjectIn& in);

// UTF-16 units of a bit stream, UTF-8.
std::string read_utf16(BitCursor& in, std::size_t units);

// The packed colors of 2004 and later: the high byte says what the rest is.
Color color_of_packed(std::uint32_t bits);
// 0 by block, 256 by layer, 1 to 255 an index.
Color color_of_index(std::int32_t index);

}  // namespace cad::dwg
