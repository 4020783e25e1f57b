// SPDX-License-Identifier: Apache-2.0
#include "store/usage.hpp"

#include <algorithm>

#include "http/endpoints/endpoints.hpp"
#include "http/plan_gate.hpp"
#include "http/views.hpp"
#include "jobs/names.hpp"
#include "jobs/quota.hpp"

namespace cad::http {
namespace {

constexpr store::Day kMostDays = 366;
constexpr std::int64_t kMostLatencies = 1000;

Json formats_view(const store::ByFormat& formats) {
  Json view = Json::object();
  for (const auto& [format, requests] : formats) view[format] = requests;
  return view;
}

std::int64_t sum(const store::ByFormat& formats) {
  std::int64_t all = 0;
  for (const auto& [format, requests] : formats) all += requests;
  return all;
}

store::Day query_day(const Request& request, std::string_view name, store::Day otherwise,
                     FieldErrors& errors) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  const auto day = store::parse_day(*text);
  if (!day) errors.fields[std::string(name)].push_back("Must be a day, like 2026-05-13.");
  return day.value_or(otherwise);
}

// The days asked for; this month's when nothing was said.
store::UsageRange read_range(const Call& call, store::Month month, FieldErrors& errors) {
  store::UsageRange range;
  range.account_id = call.principal.account_id;
  range.from = query_day(call.request, "from", store::first_day(month), errors);
  range.to = query_day(call.request, "to", store::first_day(store::next_month(month)) - 1, errors);
  if (const auto key = call.request.query_value("keyId")) range.key_id = std::string(*key);
  if (!errors.empty()) return range;
  if (range.to < range.from)
    errors.fields["to"].push_back("Must not be before \"from\".");
  else if (range.to - range.from >= kMostDays)
    errors.fields["from"].push_back("At most 366 days can be asked for at once.");
  return range;
}

Result<Json> plan_view(const Call& call, store::Month month) {
  const auto& services = call.services();
  const std::string& account = call.principal.account_id;
  CAD_ASSIGN(const jobs::Terms terms, jobs::terms_of(services, plan_of(call)));
  CAD_ASSIGN(const std::int64_t used,
             store::UsageRepository(services.database).used(account, month));
  const auto& limit = terms.requests_per_month;
  const store::UnixMs start = store::start_of(store::first_day(month));
  const store::UnixMs renewal = store::start_of(store::first_day(store::next_month(month)));
  Json view{{"plan", terms.plan}, {"planLabel", terms.label}};
  view["limit"] = limit ? Json(*limit) : Json();
  view["used"] = used;
  view["remaining"] = limit ? Json(std::max<std::int64_t>(0, *limit - used)) : Json();
  view["overageCount"] = limit ? std::max<std::int64_t>(0, used - *limit) : 0;
  view["periodStart"] = jobs::iso_time(start);
  view["periodEnd"] = jobs::iso_time(renewal - 1);
  view["renewalDate"] = jobs::iso_time(renewal);
  return view;
}

Result<Json> keys_view(store::UsageRepository& usage, const store::UsageRange& range) {
  Json view = Json::array();
  CAD_ASSIGN(const auto keys, usage.by_key(range));
  for (const store::KeyUsage& key : keys)
    view.push_back({{"keyId", key.key_id},
                    {"name", key.name},
                    {"label", key.label},
                    {"keyPrefix", key.prefix},
                    {"requests", sum(key.formats)},
                    {"byFormat", formats_view(key.formats)}});
  return view;
}

Json days_view(const std::vector<store::DayUsage>& days) {
  Json view = Json::array();
  for (const store::DayUsage& day : days)
    view.push_back({{"day", store::day_text(day.day)},
                    {"requests", sum(day.formats)},
                    {"completed", day.completed},
                    {"failed", day.failed},
                    {"byFormat", formats_view(day.formats)}});
  return view;
}

Json by_format_view(const std::vector<store::DayUsage>& days) {
  store::ByFormat all;
  for (const store::DayUsage& day : days)
    for (const auto& [format, requests] : day.formats) all[format] += requests;
  Json view = Json::array();
  for (const auto& [format, requests] : all)
    view.push_back({{"format", format}, {"requests", requests}});
  return view;
}

// The nearest rank: a time that some job took.
std::int64_t percentile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

Result<Json> outcomes_view(store::UsageRepository& usage, const store::UsageRange& range,
                           const std::vector<store::DayUsage>& days) {
  std::int64_t completed = 0, failed = 0;
  for (const store::DayUsage& day : days) {
    completed += day.completed;
    failed += day.failed;
  }
  CAD_ASSIGN(auto latencies, usage.latencies(range, kMostLatencies));
  std::sort(latencies.begin(), latencies.end());
  Json view{{"completed", completed}, {"failed", failed}, {"latencyMs", Json()}};
  if (!latencies.empty())
    view["latencyMs"] = {{"p50", percentile(latencies, 50)}, {"p95", percentile(latencies, 95)}};
  return view;
}

Result<Json> spikes_view(store::UsageRepository& usage, const store::UsageRange& range) {
  Json view = Json::array();
  CAD_ASSIGN(const auto spikes, usage.spikes(range));
  for (const store::UsageSpike& spike : spikes)
    view.push_back({{"keyId", spike.key_id},
                    {"day", store::day_text(spike.day)},
                    {"requests", spike.requests},
                    {"usual", spike.usual}});
  return view;
}

}  // namespace

Answer get_usage(Call& call) {
  const store::Month month = store::month_of(call.services().clock());
  FieldErrors errors;
  const store::UsageRange range = read_range(call, month, errors);
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  store::UsageRepository usage(call.services().database);
  CAD_ASSIGN(Json view, plan_view(call, month));
  CAD_ASSIGN(view["byKey"], keys_view(usage, range));
  CAD_ASSIGN(const auto days, usage.by_day(range));
  view["byDay"] = days_view(days);
  view["byFormat"] = by_format_view(days);
  CAD_ASSIGN(view["outcomes"], outcomes_view(usage, range, days));
  CAD_ASSIGN(view["spikes"], spikes_view(usage, range));
  return json_response(200, dump(view));
}

}  // namespace cad::http
