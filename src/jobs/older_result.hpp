// SPDX-License-Identifier: Apache-2.0
// The result in its older shape, 2024-01: the model space's entities alone, flat. It is what the
// published clients of before schema 2.0.0 read (the MCP server 0.1.2 among them), as their public
// documentation describes it; docs/result.md lists its fields.
#pragma once

#include "jobs/result.hpp"

namespace cad::jobs {

// What is not of the drawing, ready made.
struct OlderTexts {
  std::string head;      // {"jobId":...,"status":...
  std::string metadata;  // a JSON object
  std::string tail;      // ,"imageUrl":...}
};

// Rewritten while it is sent, out of the stored document. INTEGRITY when it has no model space.
Result<ResultStream> convert_to_older(const std::shared_ptr<blobs::Reader>& result,
                                      blobs::Reader& slots, OlderTexts texts);

// The older `metadata` of the stored summary. INTEGRITY.
Result<std::string> older_metadata(std::string_view summary_json);

}  // namespace cad::jobs
