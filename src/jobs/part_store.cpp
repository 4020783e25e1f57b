// SPDX-License-Identifier: Apache-2.0
#include "jobs/part_store.hpp"

#include <system_error>

#include "jobs/pieces.hpp"
#include "jobs/services.hpp"
#include "sandbox/protocol.hpp"

namespace cad::jobs {
namespace {

constexpr std::uint64_t kMostSummary = 64u << 20;  // it holds the sheets of all layouts
constexpr std::string_view kPack = "pack";

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
  if (present_ != Id{kind, number}) CAD_TRY(begin({kind, number}));
  if (!preview_) return noted(pack_->write(bytes));
  objects_.back().size += static_cast<std::int64_t>(bytes.size());
  return noted(preview_->write(bytes));
}

Result<void> PartStore::begin(Id part) {
  CAD_TRY(end_preview());
  if (!seen_.insert(part).second || seen_.size() > sandbox::kMaxParts)
    return fail(ErrorCode::internal, "The worker sent its parts in no valid order.");
  CAD_TRY(part.first == PartKind::png ? begin_preview(part.second) : begin_in_pack(part));
  present_ = part;
  return {};
}

Result<void> PartStore::begin_in_pack(Id part) {
  if (!pack_) {
    CAD_ASSIGN(auto writer, noted(blobs_.create(part_key(job_id_, attempt_, kPack, 0))));
    pack_.emplace(std::move(writer));
  }
  pack_->begin(part.first, part.second);
  return {};
}

Result<void> PartStore::begin_preview(std::uint32_t number) {
  CAD_ASSIGN(preview_, noted(blobs_.create(preview_key(job_id_, attempt_, number))));
  objects_.push_back({std::string(to_string(PartKind::png)), number, 0});
  return {};
}

Result<void> PartStore::end_preview() {
  if (!preview_) return {};
  if (commits_.size() == kMostCommitsAtOnce) CAD_TRY(wait_for_first());
  std::shared_ptr<blobs::Writer> writer = std::move(preview_);
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
  CAD_TRY(end_preview());
  if (pack_) {
    CAD_TRY(noted(pack_->commit()));
    objects_.push_back({std::string(kPack), 0, static_cast<std::int64_t>(pack_->bytes())});
  }
  CAD_TRY(settle());
  return objects_;
}

std::string preview_key(std::string_view job_id, std::int64_t attempt, std::int64_t number) {
  return part_key(job_id, attempt, to_string(PartKind::png), number);
}

Result<std::unique_ptr<blobs::Reader>> open_part(blobs::BlobStore& blobs, std::string_view job_id,
                                                 std::int64_t attempt, PartKind kind,
                                                 std::int64_t number) {
  if (kind == PartKind::png) return blobs.open(preview_key(job_id, attempt, number));
  CAD_ASSIGN(auto pack, blobs.open(part_key(job_id, attempt, kPack, 0)));
  return open_in_pack(std::move(pack), kind, static_cast<std::uint32_t>(number));
}

Result<std::unique_ptr<blobs::Reader>> open_part(const Services& services, const store::Job& job,
                                                 PartKind kind, std::int64_t number) {
  return open_part(services.blobs, job.id, job.result_attempt.value_or(0), kind, number);
}

Result<std::string> stored_summary(const Services& services, const store::Job& job) {
  CAD_ASSIGN(const auto reader, open_part(services, job, PartKind::summary));
  return read_all(*reader, kMostSummary);
}

}  // namespace cad::jobs
