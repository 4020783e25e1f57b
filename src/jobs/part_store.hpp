// SPDX-License-Identifier: Apache-2.0
// Streams what the worker sends into objects below the attempt's prefix, encrypted as it comes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/parts.hpp"
#include "blobs/blob_store.hpp"
#include "store/records.hpp"

namespace cad::jobs {

class PartStore : public PartSink {
 public:
  PartStore(blobs::BlobStore& blobs, std::string job_id, std::int64_t attempt)
      : blobs_(blobs), job_id_(std::move(job_id)), attempt_(attempt) {}

  // One part at a time, as PartSink promises; going back to an earlier one is an error.
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override;
  // Makes the last part durable and lists them all.
  Result<std::vector<store::Part>> finish();

 private:
  Result<void> end_part();

  blobs::BlobStore& blobs_;
  std::string job_id_;
  std::int64_t attempt_;
  std::unique_ptr<blobs::Writer> writer_;
  std::vector<store::Part> parts_;
};

}  // namespace cad::jobs
