// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/names.hpp"
#include "store/activity.hpp"
#include "store/calendar.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMostText = 200;

bool is_entry_id(std::string_view text) {
  return text.size() == 28 && text.starts_with("log_") &&
         std::all_of(text.begin() + 4, text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

void read_before(std::string_view text, store::ActivityFilter& filter, FieldErrors& errors) {
  if (is_entry_id(text)) {
    filter.before = std::string(text);
  } else if (const auto time = store::parse_time(text)) {
    filter.before = store::activity_floor(*time);
  } else {
    errors.fields["before"].push_back(
        "Must be a nextBefore of an earlier answer, or a time like 2026-05-13T10:14:22.000Z.");
  }
}

store::ActivityFilter read_filter(const Call& call, FieldErrors& errors) {
  const Request& request = call.request;
  store::ActivityFilter filter;
  filter.account_id = call.principal.account_id;
  filter.limit = query_integer(request, "limit", 1, 200, 50, errors);
  if (const auto text = request.query_value("source")) {
    filter.source = store::parse_source(*text);
    if (!filter.source)
      errors.fields["source"].push_back("Must be request, job, webhook or account.");
  }
  if (const auto text = request.query_value("level")) {
    filter.level = store::parse_level(*text);
    if (!filter.level) errors.fields["level"].push_back("Must be info, warn or error.");
  }
  if (const auto text = request.query_value("before")) read_before(*text, filter, errors);
  filter.text = std::string(request.query_value("q").value_or(""));
  if (filter.text.size() > kMostText) errors.fields["q"].push_back("Must have at most 200 bytes.");
  return filter;
}

Json entry_view(const store::Activity& entry) {
  return Json{{"id", entry.id},
              {"timestamp", jobs::iso_time(entry.at)},
              {"source", std::string(store::to_string(entry.source))},
              {"level", std::string(store::to_string(entry.level))},
              {"message", entry.message},
              {"jobId", nullable(entry.job_id)},
              {"status", entry.status ? Json(*entry.status) : Json()},
              {"keyId", nullable(entry.key_id)},
              {"requestId", nullable(entry.request_id)},
              {"detail", Json::parse(entry.detail, nullptr, false)}};
}

}  // namespace

Answer get_logs(Call& call) {
  FieldErrors errors;
  const store::ActivityFilter filter = read_filter(call, errors);
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  store::ActivityRepository activity(call.services().database);
  CAD_ASSIGN(const auto page, activity.list(filter));
  Json logs = Json::array();
  for (const store::Activity& entry : page.entries) logs.push_back(entry_view(entry));
  Json next;
  if (page.more) next = page.entries.back().id;
  return json_response(200, dump({{"logs", std::move(logs)}, {"nextBefore", std::move(next)}}));
}

}  // namespace cad::http
