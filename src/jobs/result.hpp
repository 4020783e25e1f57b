// SPDX-License-Identifier: Apache-2.0
// The result at delivery: the stored document with what only the service knows put into its slots.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parts.hpp"
#include "jobs/pieces.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

// The shapes that a client can ask for; the names are those of the header and of keys.
enum class ResultSchema : std::uint8_t { v2_0_0, v2024_01 };
std::string_view to_string(ResultSchema schema);  // "2.0.0"
std::optional<ResultSchema> parse_result_schema(std::string_view text);

struct ResultOptions {
  ResultSchema schema = ResultSchema::v2_0_0;
  bool blocks = false, xdata = false;  // of 2.0.0 alone
  bool sync_answer = false;            // adds job_id, fileName, fileSize, completedAt
  std::string base_url;                // for the signed preview URLs
};

struct ResultStream {
  std::optional<std::uint64_t> size;  // none: known at its end only
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
Result<Inserts> inserts_of(const Services& services, const store::Job& job,
                           const ResultOptions& options);
// `,"imageUrl":...` of a sheet.
std::string_view image_member(const Inserts& inserts, std::uint64_t sheet);
// The documents to splice; `blocks` and `xdata` may be null when not asked for.
struct Sources {
  std::shared_ptr<blobs::Reader> result, slots, blocks, xdata;
};
// INTEGRITY when the slots do not fit the documents: they come from the worker and are not
// believed.
Result<ResultStream> splice(Sources sources, Inserts inserts);

}  // namespace cad::jobs
