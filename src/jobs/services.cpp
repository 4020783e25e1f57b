// SPDX-License-Identifier: Apache-2.0
#include "jobs/services.hpp"

namespace cad::jobs {

std::string upload_key(std::string_view job_id) { return "uploads/" + std::string(job_id); }

std::string results_prefix(std::string_view job_id) {
  return "results/" + std::string(job_id) + "/";
}

std::string attempt_prefix(std::string_view job_id, std::int64_t attempt) {
  return results_prefix(job_id) + std::to_string(attempt) + "-";
}

std::string part_key(std::string_view job_id, std::int64_t attempt, std::string_view kind,
                     std::int64_t number) {
  return attempt_prefix(job_id, attempt) + std::string(kind) + "-" + std::to_string(number);
}

Result<void> ask_store(blobs::BlobStore& blobs) {
  const auto object = blobs.open("health/none");
  if (object || object.error().code == ErrorCode::not_found) return {};
  return tl::unexpected(object.error());
}

Result<void> remove_blobs(blobs::BlobStore& blobs, std::string_view prefix) {
  CAD_ASSIGN(const auto keys, blobs.list(prefix));
  return blobs.remove_all(keys);
}

}  // namespace cad::jobs
