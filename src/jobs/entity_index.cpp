// SPDX-License-Identifier: Apache-2.0
#include "jobs/entity_index.hpp"

namespace cad::jobs {
namespace {

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "The stored index does not fit its result.");
}

}  // namespace

Result<EntityIndex> EntityIndex::open(blobs::Reader& reader) {
  constexpr std::uint32_t kMostNames = 256u << 20;
  EntityIndex index(reader);
  IndexHeader& header = index.header_;
  CAD_ASSIGN(const std::size_t got, reader.read(0, std::as_writable_bytes(std::span(&header, 1))));
  if (got != sizeof(IndexHeader) || header.magic != IndexHeader{}.magic || header.version != 1 ||
      header.name_bytes > kMostNames)
    return broken();
  index.records_at_ = (sizeof(IndexHeader) + header.name_bytes + 7) / 8 * 8;
  const std::uint64_t size = reader.size();
  if (index.records_at_ > size ||
      header.record_count > (size - index.records_at_) / sizeof(IndexRecord) ||
      std::uint64_t{header.layer_count} + header.type_count > header.name_bytes)
    return broken();
  return index;
}

Result<std::string> EntityIndex::names() const {
  std::string names(header_.name_bytes, '\0');
  CAD_ASSIGN(const std::size_t got,
             reader_->read(sizeof(IndexHeader), std::as_writable_bytes(std::span(names))));
  if (got != names.size()) return broken();
  return names;
}

Result<void> EntityIndex::read(std::uint64_t first, std::span<IndexRecord> into) const {
  const auto bytes = std::as_writable_bytes(into);
  CAD_ASSIGN(const std::size_t got,
             reader_->read(records_at_ + first * sizeof(IndexRecord), bytes));
  if (got != bytes.size()) return broken();
  return {};
}

Result<std::uint64_t> EntityIndex::first_of_sheet(std::uint64_t sheet) const {
  std::uint64_t first = 0, end = count();
  while (first < end) {
    const std::uint64_t middle = first + (end - first) / 2;
    IndexRecord record;
    CAD_TRY(read(middle, std::span(&record, 1)));
    if (record.sheet < sheet)
      first = middle + 1;
    else
      end = middle;
  }
  return first;
}

}  // namespace cad::jobs
