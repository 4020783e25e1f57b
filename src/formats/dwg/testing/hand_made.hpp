// SPDX-License-Identifier: Apache-2.0
// Objects assembled by hand, read as a drawing: no container, tables or header needed. Classes are
// those of kHandMadeClasses, numbered from 500.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/dwg/census.hpp"
#include "formats/dwg/testing/object_writer.hpp"

namespace cad::dwg::testing {

inline constexpr std::string_view kHandMadeClasses[] = {"MULTILEADER", "ARC_DIMENSION",
                                                        "LARGE_RADIAL_DIMENSION"};
inline constexpr std::uint16_t kMultileader = 500, kArcDimension = 501, kLargeRadialDimension = 502;

class HandMade {
 public:
  // ANSI_1252 unless another code page is named (FileHead::code_page_index).
  explicit HandMade(Version version, std::uint16_t code_page_index = 30)
      : version_(version), code_page_index_(code_page_index) {}
  HandMade(const HandMade&) = delete;
  HandMade& operator=(const HandMade&) = delete;

  Limits limits;
  Diagnostics diagnostics;
  Audit audit;

  void add(std::uint16_t type, Handle handle, const ObjectWriter& object);
  // An object that the map names, where no object is.
  void add_unreadable(Handle handle);
  // A table's record up to its own data; text styles, dimension styles ... by their type.
  ObjectWriter record(std::string_view name, std::u16string_view wide) const;
  // A named block without anything in it.
  void add_block(Handle handle, std::string_view name, std::u16string_view wide);

  // Once, behind all add().
  const Drawing& read();
  const Entity* entity(Handle handle) const;
  const std::string& block_name(BlockId id) const { return loader_->drawing().at(id).name; }
  bool says(std::string_view code) const;
  // Nothing was left of this object's streams (never known before 2000).
  bool is_complete(Handle handle) const;

 private:
  Version version_;
  std::uint16_t code_page_index_;
  std::vector<std::byte> section_;
  std::vector<ObjectPlace> places_;
  Sections sections_;
  ReadContext context_{limits, diagnostics};
  std::unique_ptr<Loader> loader_;
};

}  // namespace cad::dwg::testing
