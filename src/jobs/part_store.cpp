// SPDX-License-Identifier: Apache-2.0
#include "jobs/part_store.hpp"

#include <algorithm>

#include "jobs/services.hpp"

namespace cad::jobs {
namespace {

// The worker is not trusted to count: this bounds what one job can put into the database.
constexpr std::size_t kMaxParts = 20'000;

}  // namespace

Result<void> PartStore::write(PartKind kind, std::uint32_t number,
                              std::span<const std::byte> bytes) {
  const std::string name(to_string(kind));
  const bool same = writer_ && parts_.back().kind == name && parts_.back().number == number;
  if (!same) {
    CAD_TRY(end_part());
    const bool seen = std::any_of(parts_.begin(), parts_.end(), [&](const store::Part& part) {
      return part.kind == name && part.number == number;
    });
    if (seen || parts_.size() >= kMaxParts)
      return fail(ErrorCode::internal, "The worker sent its parts in no valid order.");
    CAD_ASSIGN(writer_, blobs_.create(part_key(job_id_, attempt_, name, number)));
    parts_.push_back({name, number, 0});
  }
  CAD_TRY(writer_->write(bytes));
  parts_.back().size += static_cast<std::int64_t>(bytes.size());
  return {};
}

Result<void> PartStore::end_part() {
  if (!writer_) return {};
  CAD_TRY(writer_->commit());
  writer_.reset();
  return {};
}

Result<std::vector<store::Part>> PartStore::finish() {
  CAD_TRY(end_part());
  return parts_;
}

}  // namespace cad::jobs
