// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/remove.hpp"
#include "jobs/status.hpp"

namespace cad::http {

Answer get_jobs(Call& call) {
  FieldErrors errors;
  const std::int64_t limit = query_integer(call.request, "limit", 1, 100, 100, errors);
  std::optional<store::JobStatus> status;
  if (const auto text = call.request.query_value("status")) {
    status = store::parse_job_status(*text);
    if (!status)
      errors.fields["status"].push_back("Must be PENDING, PROCESSING, COMPLETED or FAILED.");
  }
  std::optional<std::string> cursor;
  if (const auto text = call.request.query_value("cursor")) cursor = *text;
  if (cursor && !jobs::decode_cursor(*cursor))
    errors.fields["cursor"].push_back("Must be a nextCursor of an earlier answer.");
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  CAD_ASSIGN(const auto list,
             jobs::list_jobs(call.services(), call.principal, status, cursor, limit));
  Json views = Json::array();
  for (const store::Job& job : list.jobs) {
    CAD_ASSIGN(Json view, job_view(call, job));
    views.push_back(std::move(view));
  }
  return json_response(
      200, dump({{"jobs", std::move(views)}, {"nextCursor", nullable(list.next_cursor)}}));
}

Answer get_job(Call& call) {
  CAD_ASSIGN(const store::Job job, jobs::find_job(call.services(), call.principal, call.params[0]));
  // Whoever only looked in while it ran still wants the mail.
  if (call.request.query_value("watch") == "1" && store::is_final(job.status))
    CAD_TRY(call.services().jobs().mark_watched(job.id));
  CAD_ASSIGN(const Json view, job_view(call, job));
  return json_response(200, dump(view));
}

Answer delete_job(Call& call) {
  CAD_ASSIGN(const std::int64_t removed,
             jobs::delete_job(call.services(), call.principal, call.params[0]));
  return json_response(200,
                       dump({{"deleted", true}, {"id", call.params[0]}, {"artefacts", removed}}));
}

}  // namespace cad::http
