// SPDX-License-Identifier: Apache-2.0
// Entity type name -> reader. A new entity type is a row in entity_table.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/entity.hpp"

namespace cad::dxf {

class EntityTags;

// Traits of a type's groups.
inline constexpr std::uint8_t kPlain = 0;
// Uses group codes of the common part (62, 370, 420 ...) with other meanings in its own subclasses.
inline constexpr std::uint8_t kOwnCodes = 1;
// Wants the proxy graphics (groups 92/160 and 310 of the common part), too.
inline constexpr std::uint8_t kKeepsGraphics = 2;

struct EntityRow {
  std::string_view type;
  Geometry (*read)(EntityTags& in);
  std::uint8_t traits;
};

// The row of a DXF type name (upper case); null: a type without a reader of its own.
const EntityRow* find_entity_row(std::string_view type);

}  // namespace cad::dxf
