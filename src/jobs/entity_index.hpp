// SPDX-License-Identifier: Apache-2.0
// The index part of a result, opened. It comes from the worker and is not believed: INTEGRITY where
// it does not fit itself.
#pragma once

#include <span>
#include <string>

#include "base/parts.hpp"
#include "blobs/blob_store.hpp"

namespace cad::jobs {

class EntityIndex {
 public:
  // The reader stays the caller's.
  static Result<EntityIndex> open(blobs::Reader& reader);

  const IndexHeader& header() const { return header_; }
  std::uint64_t count() const { return header_.record_count; }
  // Layers, then types, each with a NUL behind it.
  Result<std::string> names() const;
  // Those from `first` on, which must be there.
  Result<void> read(std::uint64_t first, std::span<IndexRecord> into) const;
  // Records lie sheet by sheet: the first one of that sheet or a later one, or count().
  Result<std::uint64_t> first_of_sheet(std::uint64_t sheet) const;

 private:
  explicit EntityIndex(blobs::Reader& reader) : reader_(&reader) {}

  blobs::Reader* reader_;
  IndexHeader header_;
  std::uint64_t records_at_ = 0;
};

}  // namespace cad::jobs
