// SPDX-License-Identifier: Apache-2.0
// For tests: what a finished attempt leaves in a store, as PartStore writes it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.hpp"
#include "jobs/part_store.hpp"

namespace cad::jobs {

// The list of objects. Parts of one attempt are put at once.
inline std::vector<store::Part> put_parts(
    blobs::BlobStore& blobs, const std::string& job_id, std::int64_t attempt,
    const std::vector<std::pair<PartKind, std::string>>& parts) {
  PartStore sink(blobs, job_id, attempt);
  for (const auto& [kind, text] : parts) EXPECT_TRUE(sink.write(kind, 0, crypto::as_bytes(text)));
  auto objects = sink.finish();
  EXPECT_TRUE(objects);
  return objects ? std::move(*objects) : std::vector<store::Part>();
}

}  // namespace cad::jobs
