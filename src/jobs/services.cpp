// SPDX-License-Identifier: Apache-2.0
#include "jobs/services.hpp"

#include <algorithm>
#include <charconv>

namespace cad::jobs {

std::string upload_key(std::string_view job_id) { return "uploads/" + std::string(job_id); }

// A folder for each end of an id, not for each job: on a disk making one costs as much as a file.
std::string results_prefix(std::string_view job_id) {
  const std::string id(job_id);
  return "results/" + id.substr(id.size() - std::min<std::size_t>(2, id.size())) + "/" + id + "-";
}

std::string attempt_prefix(std::string_view job_id, std::int64_t attempt) {
  return results_prefix(job_id) + std::to_string(attempt) + "-";
}

std::string part_key(std::string_view job_id, std::int64_t attempt, std::string_view kind,
                     std::int64_t number) {
  return attempt_prefix(job_id, attempt) + std::string(kind) + "-" + std::to_string(number);
}

std::optional<ObjectOf> object_of(std::string_view key) {
  constexpr std::string_view kUploads = "uploads/", kResults = "results/";
  if (key.starts_with(kUploads))
    return ObjectOf{std::string(key.substr(kUploads.size())), std::nullopt};
  if (!key.starts_with(kResults)) return std::nullopt;
  const std::string_view name = key.substr(key.rfind('/') + 1);
  const std::size_t dash = name.find('-');
  if (dash == name.npos) return std::nullopt;
  std::int64_t attempt = 0;
  if (std::from_chars(name.data() + dash + 1, name.data() + name.size(), attempt).ec != std::errc())
    return std::nullopt;
  return ObjectOf{std::string(name.substr(0, dash)), attempt};
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
