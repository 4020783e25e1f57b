// SPDX-License-Identifier: Apache-2.0
// The result at delivery: the stored document with what only the service knows put into its slots.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/parts.hpp"
#include "jobs/pieces.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

struct ResultOptions {
  bool blocks = false, xdata = false;
  bool sync_answer = false;  // adds job_id, fileName, fileSize, completedAt
  std::string base_url;      // for the signed preview URLs
};

struct ResultStream {
  std::uint64_t size = 0;
  std::function<Result<std::size_t>(std::span<char>)> read;
};

Result<ResultStream> open_result(const Services& services, const store::Job& job,
                                 const ResultOptions& options);

// What goes into a document's slots.
struct Inserts {
  std::string job, tail;                  // tail without `blocks`
  std::vector<std::string> sheet_images;  // by sheet index; others get null
  bool blocks = false, xdata = false;
};
// The documents to splice; `blocks` and `xdata` may be null when not asked for.
struct Sources {
  std::shared_ptr<blobs::Reader> result, slots, blocks, xdata;
};
// INTEGRITY when the slots do not fit the documents: they come from the worker and are not
// believed.
Result<ResultStream> splice(Sources sources, Inserts inserts);

}  // namespace cad::jobs
