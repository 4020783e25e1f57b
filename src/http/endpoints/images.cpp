// SPDX-License-Identifier: Apache-2.0
// The pictures of a job: previews behind signed URLs, scenes behind the key.
#include <charconv>

#include "http/endpoints/endpoints.hpp"
#include "http/stored_object.hpp"
#include "jobs/part_store.hpp"
#include "jobs/previews.hpp"
#include "jobs/status.hpp"

namespace cad::http {
namespace {

// "3.png" -> 3, in the one form that we write.
std::optional<std::int64_t> sheet_number(std::string_view file) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), number);
  if (error != std::errc() || file != std::to_string(number) + ".png") return std::nullopt;
  return number;
}

std::string tag_of(std::string_view kind, std::string_view job_id, std::int64_t attempt,
                   std::int64_t number) {
  return "\"" + std::string(kind) + "-" + std::string(job_id) + "-" + std::to_string(attempt) +
         "-" + std::to_string(number) + "\"";
}

struct Picture {
  std::unique_ptr<blobs::Reader> object;
  std::string tag;
};

Result<Picture> open_picture(const jobs::Services& services, const std::string& job_id,
                             std::optional<std::int64_t> sheet) {
  Picture picture;
  if (sheet) {
    CAD_ASSIGN(picture.object, jobs::open_preview(services, job_id, *sheet));
    picture.tag = tag_of("png", job_id, 0, *sheet);
  } else {
    CAD_ASSIGN(picture.object, jobs::open_thumbnail(services, job_id));
    picture.tag = tag_of("thumbnail", job_id, 0, 0);
  }
  return picture;
}

}  // namespace

Answer get_preview(Call& call) {
  const Request& request = call.request;
  const std::int64_t now = call.services().clock() / 1000;
  const auto expires = request.query_value("expires").value_or("");
  const auto key = request.query_value("key").value_or("");
  const auto signature = request.query_value("signature").value_or("");
  const auto number = sheet_number(call.params[1]);
  const bool is_picture = number || call.params[1] == jobs::kThumbnailFile;
  // The signature first: without it nothing is told, not even what exists.
  if (!is_picture ||
      !call.services().signer.allows("GET", request.path(), {expires, key, signature}, now))
    return tl::unexpected(ApiError(403, "URL_NOT_VALID",
                                   "The link is altered or expired; ask for a fresh one with GET "
                                   "/v1/jobs/{id}/image."));
  CAD_ASSIGN(Picture picture, open_picture(call.services(), call.params[0], number));
  return object_response(request, std::move(picture.object), "image/png", std::move(picture.tag));
}

Answer get_scene(Call& call) {
  CAD_ASSIGN(const store::Job job,
             jobs::find_completed_job(call.services(), call.principal, call.params[0]));
  CAD_ASSIGN(
      const jobs::Sheet sheet,
      jobs::find_sheet(call.services(), job, call.request.query_value("sheet").value_or("")));
  const std::int64_t attempt = job.result_attempt.value_or(0);
  CAD_ASSIGN(std::unique_ptr<blobs::Reader> object,
             jobs::open_part(call.services(), job, PartKind::scene, sheet.index));
  return object_response(call.request, std::move(object), "application/vnd.cadlens.scene",
                         tag_of("scene", job.id, attempt, sheet.index));
}

}  // namespace cad::http
