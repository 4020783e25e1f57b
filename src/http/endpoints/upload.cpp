// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/endpoints.hpp"
#include "http/ranges.hpp"
#include "http/stored_object.hpp"
#include "jobs/status.hpp"

namespace cad::http {
namespace {

ApiError upload_gone() {
  return ApiError(
      404, "UPLOAD_GONE",
      "The original has been deleted: its result was retrieved, the drawing could not be "
      "read, or its time was over.");
}

}  // namespace

// Whoever takes back what they sent has not retrieved the result: the upload stays.
Answer get_upload(Call& call) {
  CAD_ASSIGN(const store::Job job, jobs::find_job(call.services(), call.principal, call.params[0]));
  if (job.upload_gone) return tl::unexpected(upload_gone());
  auto object = call.services().blobs.open(jobs::upload_key(job.id));
  if (!object && object.error().code == ErrorCode::not_found)
    return tl::unexpected(upload_gone());  // just now
  if (!object) return tl::unexpected(ApiError(object.error()));
  Response response = object_response(call.request, std::move(*object), "application/octet-stream",
                                      "\"" + job.sha256 + "\"");
  response.headers.set("Content-Disposition", content_disposition("attachment", job.file_name));
  return response;
}

}  // namespace cad::http
