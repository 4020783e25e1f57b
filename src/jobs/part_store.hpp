// SPDX-License-Identifier: Apache-2.0
// Streams what the worker sends into objects below the attempt's prefix, encrypted as it comes:
// each preview into one of its own, as a store may give links to those, all else into one pack.
#pragma once

#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/parts.hpp"
#include "blobs/blob_store.hpp"
#include "jobs/pack.hpp"
#include "store/records.hpp"

namespace cad::jobs {

struct Services;

// Previews that are whole are made durable beside the next ones: a disk's journal takes several at
// once, and a store across a network would else be waited for once for each of them.
inline constexpr std::size_t kMostCommitsAtOnce = 4;

class PartStore : public PartSink {
 public:
  PartStore(blobs::BlobStore& blobs, std::string job_id, std::int64_t attempt)
      : blobs_(blobs), job_id_(std::move(job_id)), attempt_(attempt) {}
  ~PartStore() override { (void)settle(); }

  // One part at a time, as PartSink promises; going back to an earlier one is an error, and so is
  // an earlier one that could not be made durable.
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override;
  // Makes all objects durable and lists them.
  Result<std::vector<store::Part>> finish();
  // Waits until nothing is written any more: what is there can then be removed.
  Result<void> settle();
  bool has_thumbnail() const { return seen_.contains({PartKind::thumbnail, 0}); }
  // What the store refused first, if it did: that says nothing about the job.
  const std::optional<Error>& store_error() const { return store_error_; }

 private:
  using Id = std::pair<PartKind, std::uint32_t>;
  Result<void> begin(Id part);
  Result<void> begin_preview(std::uint32_t number);
  Result<void> begin_in_pack(Id part);
  Result<void> end_preview();
  Result<void> wait_for_first();
  template <class T>
  Result<T> noted(Result<T> done);

  blobs::BlobStore& blobs_;
  std::string job_id_;
  std::int64_t attempt_;
  std::optional<Id> present_;
  std::set<Id> seen_;
  std::optional<PackWriter> pack_;
  std::unique_ptr<blobs::Writer> preview_;
  std::vector<store::Part> objects_;
  std::deque<std::future<Result<void>>> commits_;  // under way, the oldest first
  std::optional<Error> store_error_;
};

// A preview's own object, which a store may give a link to.
std::string preview_key(std::string_view job_id, std::int64_t attempt, std::int64_t number);

// One part of a finished attempt, wherever it lies. NOT_FOUND.
Result<std::unique_ptr<blobs::Reader>> open_part(blobs::BlobStore& blobs, std::string_view job_id,
                                                 std::int64_t attempt, PartKind kind,
                                                 std::int64_t number);
// Of the attempt that became the job's result.
Result<std::unique_ptr<blobs::Reader>> open_part(const Services& services, const store::Job& job,
                                                 PartKind kind, std::int64_t number = 0);
// The text of its summary, as the worker wrote it.
Result<std::string> stored_summary(const Services& services, const store::Job& job);

}  // namespace cad::jobs
