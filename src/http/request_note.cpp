// SPDX-License-Identifier: Apache-2.0
#include "http/request_note.hpp"

#include <algorithm>

namespace cad::http {
namespace {

constexpr std::string_view kFeed = "/v1/me/logs";

bool is_job_id(std::string_view text) {
  return text.size() == 36 && text.starts_with("job_") &&
         std::all_of(text.begin() + 4, text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

RequestNote note_of(const Call& call) {
  RequestNote note{call.principal.account_id,
                   call.principal.key_id,
                   call.request.head ? "HEAD" : call.request.method,
                   std::string(call.pattern),
                   call.request_id,
                   {}};
  if (call.pattern.starts_with("/v1/jobs/{id}") && !call.params.empty() &&
      is_job_id(call.params[0]))
    note.job_id = call.params[0];
  return note;
}

void record(const jobs::Services& services, const RequestNote& note, int status,
            std::chrono::microseconds taken) {
  if (note.account_id.empty() || (note.pattern == kFeed && status < 400)) return;
  store::Activity entry;
  entry.account_id = note.account_id;
  if (!note.key_id.empty()) entry.key_id = note.key_id;
  entry.source = store::Source::request;
  if (status >= 400) entry.level = status >= 500 ? store::Level::error : store::Level::warn;
  entry.message = note.method + " " + note.pattern + " " + std::to_string(status);
  // The id of what the caller may not see is its guess, not a job of the account.
  if (status != 403 && status != 404) entry.job_id = note.job_id;
  entry.status = status;
  entry.request_id = note.request_id;
  entry.detail = "{\"ms\":" + std::to_string(taken.count() / 1000) + "}";
  services.note(std::move(entry));
}

}  // namespace cad::http
