// SPDX-License-Identifier: Apache-2.0
// Entity ids: the handle in upper hex where it is unique in the document; "2F~2" for its second
// bearer; "s0-17", "b3-17" (layout or block number, running number) where the file gives none.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "json/writer.hpp"
#include "model/drawing.hpp"

namespace cad::json {

class IdPlan {
 public:
  explicit IdPlan(const Drawing& drawing);
  // Writes the id as the next value. Call it once for every entity, in document order.
  // place: 's' or 'b'; number: of the layout or block; running: of the entity in it, from 0.
  void write(Writer& w, Handle handle, char place, std::uint32_t number, std::uint64_t running);

 private:
  std::unordered_map<Handle, std::uint32_t> repeated_;  // how often it was met so far
};

// Handle in upper hex, or null.
inline void write_handle(Writer& w, Handle handle) { handle != 0 ? w.hex(handle) : w.null(); }

}  // namespace cad::json
