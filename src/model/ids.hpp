// SPDX-License-Identifier: Apache-2.0
// References inside a Drawing are indices, never pointers. Each kind is a type of its own.
#pragma once

#include <compare>
#include <cstdint>

namespace cad {

template <class Tag>
struct Id {
  static constexpr std::uint32_t kNone = 0xffffffffu;
  std::uint32_t index = kNone;
  bool valid() const { return index != kNone; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using LayerId = Id<struct LayerTag>;
using LinetypeId = Id<struct LinetypeTag>;  // none = ByLayer; see kByBlockLinetype
using TextStyleId = Id<struct TextStyleTag>;
using DimStyleId = Id<struct DimStyleTag>;
using MLineStyleId = Id<struct MLineStyleTag>;
using BlockId = Id<struct BlockTag>;
using ImageDefId = Id<struct ImageDefTag>;
using UnderlayDefId = Id<struct UnderlayDefTag>;
using ExtraId = Id<struct ExtraTag>;

inline constexpr LinetypeId kByLayerLinetype{};
inline constexpr LinetypeId kByBlockLinetype{0xfffffffeu};

using Handle = std::uint64_t;  // 0 = the file gave none

}  // namespace cad
