// SPDX-License-Identifier: Apache-2.0
// What OBJECTS leaves for linking: layouts as found, and where each object is in the file.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/dxf/tags.hpp"
#include "model/drawing.hpp"

namespace cad::dxf {

struct FoundLayout {
  Layout layout;
  Handle block_record = 0;
};

// Objects by handle, so that extension dictionaries can be read when their entity is known.
class ObjectIndex {
 public:
  void add(Handle handle, TagCursor::Mark mark);
  std::size_t size() const { return entries_.size(); }
  void sort();
  // The object's place, once: a second request for the same object gives none, so that no file can
  // have one dictionary read for each of a million entities.
  bool take(Handle handle, TagCursor::Mark& mark);

 private:
  struct Entry {
    Handle handle = 0;
    std::uint64_t offset = 0;
    std::uint32_t line = 0;
    bool taken = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace cad::dxf
