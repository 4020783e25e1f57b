// SPDX-License-Identifier: Apache-2.0
// Streams what the worker sends into objects below the attempt's prefix, encrypted as it comes.
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
#include "store/records.hpp"

namespace cad::jobs {

// Parts that are whole are made durable beside the next ones: a disk's journal takes several at
// once, and a store across a network would else be waited for once for each part.
inline constexpr std::size_t kMostCommitsAtOnce = 4;

class PartStore : public PartSink {
 public:
  PartStore(blobs::BlobStore& blobs, std::string job_id, std::int64_t attempt)
      : blobs_(blobs), job_id_(std::move(job_id)), attempt_(attempt) {}
  ~PartStore() override { (void)settle(); }

  // One part at a time, as PartSink promises; going back to an earlier one is an error, and so is
  // an earlier part that could not be made durable.
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override;
  // Makes all parts durable and lists them.
  Result<std::vector<store::Part>> finish();
  // Waits until nothing is written any more: what is there can then be removed.
  Result<void> settle();
  // What the store refused first, if it did: that says nothing about the job.
  const std::optional<Error>& store_error() const { return store_error_; }

 private:
  Result<void> end_part();
  Result<void> wait_for_first();
  template <class T>
  Result<T> noted(Result<T> done);

  blobs::BlobStore& blobs_;
  std::string job_id_;
  std::int64_t attempt_;
  std::unique_ptr<blobs::Writer> writer_;
  std::vector<store::Part> parts_;
  std::set<std::pair<std::string, std::int64_t>> seen_;
  std::deque<std::future<Result<void>>> commits_;  // under way, the oldest first
  std::optional<Error> store_error_;
};

}  // namespace cad::jobs
