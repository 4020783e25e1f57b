// SPDX-License-Identifier: Apache-2.0
#include "jobs/event_payload.hpp"

#include <nlohmann/json.hpp>

#include "jobs/names.hpp"
#include "jobs/part_store.hpp"
#include "jobs/previews.hpp"

namespace cad::jobs {
namespace {

using Json = nlohmann::ordered_json;

// Of a larger summary the sheets are not even read.
constexpr std::uint64_t kMostWithSheets = 2 * kMostPayload;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The worker wrote it: only members that are known are taken over.
Result<Json> known_summary(const Services& services, const store::Job& job) {
  CAD_ASSIGN(const std::string text, stored_summary(services, job));
  const bool with_sheets = text.size() <= kMostWithSheets;
  const auto wanted = [with_sheets](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth != 1 || event != Json::parse_event_t::key) return true;
    return parsed != "parseInfo" && (with_sheets || parsed != "sheets");
  };
  Json summary = Json::parse(text, wanted, false);
  if (!summary.is_object()) return fail(ErrorCode::integrity, "The stored summary is damaged.");
  return summary;
}

Result<Json> result_of(const Services& services, const store::Job& job,
                       const std::string& base_url) {
  CAD_ASSIGN(const Json summary, known_summary(services, job));
  CAD_ASSIGN(const auto previews, preview_urls(services, job, base_url));
  Json urls = Json::array();
  for (const PreviewUrl& preview : previews) urls.push_back(preview.url);
  const auto stored = [&summary](const char* name) {
    const auto found = summary.find(name);
    return found == summary.end() ? Json() : *found;
  };
  Json result{{"schemaVersion", stored("schemaVersion")},
              {"imageUrl", urls.empty() ? Json() : urls.front()},
              {"imageUrls", urls},
              {"metadata", stored("metadata")},
              {"file", stored("file")},
              {"summary", stored("summary")}};
  if (summary.contains("sheets")) result["sheets"] = summary["sheets"];
  result["resultUrl"] = base_url + "/v1/jobs/" + job.id + "/result";
  result["entityCount"] = stored("entityCount");
  result["layerCount"] = stored("layerCount");
  return result;
}

}  // namespace

Result<std::string> event_payload(const Services& services, const store::Event& event,
                                  const std::string& base_url) {
  CAD_ASSIGN(const store::Job job, services.jobs().find(event.job_id));
  Json body{{"eventId", event.id},
            {"sequence", event.sequence},
            {"event", std::string(to_string(event.name))},
            {"jobId", event.job_id},
            {"status", std::string(to_string(status_of(event.name)))},
            {"timestamp", iso_time(event.created_at)}};
  if (event.name == store::EventName::failed) {
    body["error"] = job.error_msg.value_or("The job failed.");
    body["errorCode"] = job.error_code.value_or("INTERNAL");
  }
  if (event.name != store::EventName::completed) return text_of(body);
  CAD_ASSIGN(body["result"], result_of(services, job, base_url));
  std::string text = text_of(body);
  for (const char* name : {"sheets", "metadata"}) {
    if (text.size() <= kMostPayload) break;
    body["result"].erase(name);
    text = text_of(body);
  }
  return text;
}

Letter end_letter(const store::Job& job, const std::string& base_url) {
  const bool good = job.status == store::JobStatus::completed;
  Letter letter;
  letter.subject = (good ? "Ready: " : "Failed: ") + job.file_name;
  letter.text =
      good ? "The drawing \"" + job.file_name + "\" has been read.\n\nIts result: " + base_url +
                 "/v1/jobs/" + job.id + "/result (with the API key that sent it).\n"
           : "The drawing \"" + job.file_name +
                 "\" could not be read.\n\nReason: " + job.error_msg.value_or("unknown") + "\n";
  letter.text += "\nJob: " + job.id + "\n";
  if (good) letter.text += "Everything of it is deleted at " + iso_time(job.expires_at) + ".\n";
  return letter;
}

}  // namespace cad::jobs
