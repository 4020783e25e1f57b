// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "formats/format.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/remove.hpp"
#include "jobs/status.hpp"

namespace cad::http {

namespace {

constexpr std::size_t kMostText = 200;

bool is_format(std::string_view name) {
  return std::any_of(formats().begin(), formats().end(), [&](const Format& format) {
    return format.read != nullptr && format.name == name;
  });
}

store::JobQuery read_query(const Request& request, FieldErrors& errors) {
  store::JobQuery query;
  query.limit = query_integer(request, "limit", 1, 100, 100, errors);
  if (const auto text = request.query_value("status")) {
    query.status = store::parse_job_status(*text);
    if (!query.status)
      errors.fields["status"].push_back("Must be PENDING, PROCESSING, COMPLETED or FAILED.");
  }
  query.format = std::string(request.query_value("format").value_or(""));
  if (!query.format.empty() && !is_format(query.format))
    errors.fields["format"].push_back("Must be a format of GET /v1/formats.");
  query.text = std::string(request.query_value("q").value_or(""));
  if (query.text.size() > kMostText) errors.fields["q"].push_back("Must have at most 200 bytes.");
  if (const auto text = request.query_value("cursor")) {
    query.after = jobs::decode_cursor(*text);
    if (!query.after)
      errors.fields["cursor"].push_back("Must be a nextCursor of an earlier answer.");
  }
  return query;
}

}  // namespace

Answer get_jobs(Call& call) {
  FieldErrors errors;
  const store::JobQuery query = read_query(call.request, errors);
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  CAD_ASSIGN(const auto list, jobs::list_jobs(call.services(), call.principal, query));
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
