// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/result.hpp"

#include "http/endpoints/endpoints.hpp"
#include "http/ranges.hpp"
#include "http/views.hpp"
#include "jobs/previews.hpp"
#include "jobs/remove.hpp"
#include "jobs/result.hpp"
#include "jobs/status.hpp"
#include "jobs/summary.hpp"

namespace cad::http {
namespace {

constexpr const char* kSchemaHeader = "CADLens-Schema";

// "include=blocks,xdata"
Result<void> read_include(const Request& request, jobs::ResultOptions& options,
                          FieldErrors& errors) {
  for (std::string_view list : request.query_values("include")) {
    while (true) {
      const auto comma = list.find(',');
      const std::string_view name = list.substr(0, comma);
      if (name == "blocks") {
        options.blocks = true;
      } else if (name == "xdata") {
        options.xdata = true;
      } else {
        errors.fields["include"].push_back("Must be blocks, xdata or both, with a comma.");
      }
      if (comma == list.npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return {};
}

}  // namespace

jobs::ResultSchema wanted_schema(const Call& call, FieldErrors& errors) {
  const auto header = call.request.headers.find(kSchemaHeader);
  const auto schema = jobs::parse_result_schema(header.value_or(call.principal.result_schema));
  if (header && !schema) errors.fields[kSchemaHeader].push_back("Must be 2.0.0 or 2024-01.");
  return schema.value_or(jobs::ResultSchema::v2_0_0);
}

Answer result_response(const Call& call, const store::Job& job, jobs::ResultOptions options) {
  options.base_url = call.base_url();
  CAD_ASSIGN(jobs::ResultStream result, jobs::open_result(call.services(), job, options));
  Response response;
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.headers.set(kSchemaHeader, jobs::to_string(options.schema));
  response.headers.add("Vary", kSchemaHeader);
  response.headers.set("Content-Disposition",
                       content_disposition("inline", job.file_name + ".json"));
  response.body = Stream{std::move(result.read), result.size};
  // Only who has received the whole result has retrieved it: then the upload goes.
  const bool retrieves = !call.request.head && !job.upload_gone;
  response.on_sent = [&services = call.services(), id = job.id, retrieves](bool complete) {
    if (complete && retrieves) jobs::drop_upload(services, id);
  };
  return response;
}

Answer get_result(Call& call) {
  jobs::ResultOptions options;
  FieldErrors errors;
  CAD_TRY(read_include(call.request, options, errors));
  options.schema = wanted_schema(call, errors);
  if (options.schema == jobs::ResultSchema::v2024_01 && (options.blocks || options.xdata))
    errors.fields["include"].push_back("The shape 2024-01 has neither blocks nor xdata.");
  CAD_ASSIGN(const store::Job job,
             jobs::find_completed_job(call.services(), call.principal, call.params[0]));
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  return result_response(call, job, options);
}

// Only the whole result is a retrieval: who has this has no entity yet, and the upload stays.
Answer get_summary(Call& call) {
  CAD_ASSIGN(const store::Job job,
             jobs::find_completed_job(call.services(), call.principal, call.params[0]));
  CAD_ASSIGN(jobs::ResultStream summary, jobs::open_summary(call.services(), job, call.base_url()));
  Response response;
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.body = Stream{std::move(summary.read), summary.size};
  return response;
}

Answer get_image(Call& call) {
  CAD_ASSIGN(const store::Job job,
             jobs::find_completed_job(call.services(), call.principal, call.params[0]));
  CAD_ASSIGN(const auto previews, jobs::preview_urls(call.services(), job, call.base_url()));
  Json urls = Json::array();
  for (const auto& preview : previews) urls.push_back(preview.url);
  return json_response(
      200, dump({{"imageUrl", urls.empty() ? Json() : urls.front()}, {"imageUrls", urls}}));
}

}  // namespace cad::http
