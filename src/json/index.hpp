// SPDX-License-Identifier: Apache-2.0
// The index part: where each entity lies in `result`, with what /entities filters by.
#pragma once

#include <vector>

#include "base/parts.hpp"
#include "json/tally.hpp"

namespace cad::json {

class IndexBuilder {
 public:
  void reserve(std::uint64_t records) { records_.reserve(records); }
  // The entity's JSON is bytes [begin, end) of `result`.
  void add(const Entity& entity, const Box2& box, std::size_t sheet, std::uint64_t begin,
           std::uint64_t end);
  Result<void> write(const Drawing& drawing, std::size_t sheets, PartSink& out) const;

 private:
  TypeNames types_;
  std::vector<IndexRecord> records_;
};

}  // namespace cad::json
