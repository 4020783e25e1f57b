// SPDX-License-Identifier: Apache-2.0
#include "http/views.hpp"

#include <charconv>

#include "jobs/names.hpp"
#include "jobs/previews.hpp"
#include "jobs/status.hpp"

namespace cad::http {

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json nullable(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

Json nullable_time(const std::optional<store::UnixMs>& time) {
  return time ? Json(jobs::iso_time(*time)) : Json();
}

Result<Json> job_view(const Call& call, const store::Job& job) {
  const std::string base_url = call.base_url();
  CAD_ASSIGN(const auto preview, jobs::first_preview_url(call.services(), job, base_url));
  const auto progress = jobs::progress_of(call.services(), job);
  return Json{{"id", job.id},
              {"uuid", job.uuid},
              {"status", std::string(to_string(job.status))},
              {"fileName", job.file_name},
              {"fileSize", job.file_size},
              {"mimeType", job.mime_type},
              {"format", job.format},
              {"sha256", job.sha256},
              {"webhookUrl", nullable(job.webhook_url)},
              {"createdAt", jobs::iso_time(job.created_at)},
              {"updatedAt", jobs::iso_time(job.updated_at)},
              {"startedAt", nullable_time(job.started_at)},
              {"completedAt", nullable_time(job.completed_at)},
              {"expiresAt", jobs::iso_time(job.expires_at)},
              {"uploadKept", !job.upload_gone},
              {"errorCode", nullable(job.error_code)},
              {"errorMsg", nullable(job.error_msg)},
              {"progress", {{"percent", progress.percent}, {"phase", progress.phase}}},
              {"imageUrl", nullable(preview)},
              {"thumbnailUrl", nullable(jobs::thumbnail_url(call.services(), job, base_url))}};
}

Json accepted_view(const store::Job& job) {
  return Json{{"job_id", job.id},
              {"status", std::string(to_string(job.status))},
              {"fileName", job.file_name},
              {"fileSize", job.file_size},
              {"createdAt", jobs::iso_time(job.created_at)}};
}

std::int64_t query_integer(const Request& request, std::string_view name, std::int64_t least,
                           std::int64_t most, std::int64_t otherwise, FieldErrors& errors) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc() && end == text->data() + text->size() && !text->empty() &&
      value >= least && value <= most)
    return value;
  errors.fields[std::string(name)].push_back(
      "Must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  return otherwise;
}

}  // namespace cad::http
