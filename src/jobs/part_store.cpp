// SPDX-License-Identifier: Apache-2.0
#include "jobs/part_store.hpp"

#include <system_error>

#include "jobs/services.hpp"

namespace cad::jobs {
namespace {

// The worker is not trusted to count: this bounds what one job can put into the database.
constexpr std::size_t kMaxParts = 20'000;

}  // namespace

// Too large an object is the one thing that is not the store's.
template <class T>
Result<T> PartStore::noted(Result<T> done) {
  if (!done && !store_error_ && done.error().code != ErrorCode::limit_exceeded)
    store_error_ = done.error();
  return done;
}

Result<void> PartStore::write(PartKind kind, std::uint32_t number,
                              std::span<const std::byte> bytes) {
  const std::string name(to_string(kind));
  const bool same = writer_ && parts_.back().kind == name && parts_.back().number == number;
  if (!same) {
    CAD_TRY(end_part());
    if (!seen_.emplace(name, number).second || parts_.size() >= kMaxParts)
      return fail(ErrorCode::internal, "The worker sent its parts in no valid order.");
    CAD_ASSIGN(writer_, noted(blobs_.create(part_key(job_id_, attempt_, name, number))));
    parts_.push_back({name, number, 0});
  }
  CAD_TRY(noted(writer_->write(bytes)));
  parts_.back().size += static_cast<std::int64_t>(bytes.size());
  return {};
}

Result<void> PartStore::end_part() {
  if (!writer_) return {};
  if (commits_.size() == kMostCommitsAtOnce) CAD_TRY(wait_for_first());
  std::shared_ptr<blobs::Writer> writer = std::move(writer_);
  try {
    commits_.push_back(
        std::async(std::launch::async, [writer]() -> Result<void> { return writer->commit(); }));
  } catch (const std::system_error&) {  // no thread to be had
    return noted(writer->commit());
  }
  return {};
}

Result<void> PartStore::wait_for_first() {
  auto first = std::move(commits_.front());
  commits_.pop_front();
  return noted(first.get());
}

Result<void> PartStore::settle() {
  Result<void> all;
  while (!commits_.empty())
    if (auto one = wait_for_first(); !one && all) all = std::move(one);
  return all;
}

Result<std::vector<store::Part>> PartStore::finish() {
  CAD_TRY(end_part());
  CAD_TRY(settle());
  return parts_;
}

}  // namespace cad::jobs
