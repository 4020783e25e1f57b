// SPDX-License-Identifier: Apache-2.0
// Server-sent events (WHATWG HTML, section 9.2) of one job, until its end.
#include <charconv>

#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/status.hpp"

namespace cad::http {
namespace {

constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::int64_t kFinal = 1'000'000'000;

// Grows with the job's life, and is the same whoever computes it and when: so a client that comes
// back with Last-Event-ID is told only what it has not seen, across restarts of the server too.
std::int64_t event_id(const store::Job& job, const jobs::Progress& progress) {
  switch (job.status) {
    case store::JobStatus::pending: return job.attempt * 1000 + 500;
    case store::JobStatus::processing: return job.attempt * 1000 + progress.percent;
    case store::JobStatus::completed:
    case store::JobStatus::failed: return kFinal;
  }
  return kFinal;
}

std::string event_name(const store::Job& job) {
  switch (job.status) {
    case store::JobStatus::pending: return "pending";
    case store::JobStatus::processing: return "progress";
    case store::JobStatus::completed: return "completed";
    case store::JobStatus::failed: return "failed";
  }
  return "failed";
}

std::string event_text(std::int64_t id, const store::Job& job, const jobs::Progress& progress) {
  const Json data{{"jobId", job.id},
                  {"status", std::string(to_string(job.status))},
                  {"progress", {{"percent", progress.percent}, {"phase", progress.phase}}},
                  {"errorCode", nullable(job.error_code)},
                  {"errorMsg", nullable(job.error_msg)}};
  return "id: " + std::to_string(id) + "\nevent: " + event_name(job) + "\ndata: " + dump(data) +
         "\n\n";
}

EventStep next_event(const jobs::Services& services, const std::string& id, std::int64_t& seen) {
  const auto job = services.jobs().find(id);
  if (!job && job.error().code == ErrorCode::not_found)
    return {"event: deleted\ndata: " + dump({{"jobId", id}}) + "\n\n", true};
  if (!job) return {"", true};  // the client comes back by itself
  const auto progress = jobs::progress_of(services, *job);
  const std::int64_t now = event_id(*job, progress);
  EventStep step;
  step.end = store::is_final(job->status);
  if (now > seen) step.text = event_text(now, *job, progress);
  seen = std::max(seen, now);
  return step;
}

}  // namespace

Answer get_events(Call& call) {
  CAD_ASSIGN(const store::Job job, jobs::find_job(call.services(), call.principal, call.params[0]));
  std::int64_t seen = -1;
  if (const auto last = call.request.headers.find("Last-Event-ID"))
    std::from_chars(last->data(), last->data() + last->size(), seen);
  Response response;
  // Nothing new can come: 204 tells an EventSource to stop reconnecting.
  if (store::is_final(job.status) && seen >= kFinal) {
    return no_content();
  }
  response.headers.set("Content-Type", "text/event-stream; charset=utf-8");
  response.headers.set("X-Accel-Buffering", "no");
  const auto& services = call.services();
  // A stream that was received to its end has shown the job's end.
  response.on_sent = [&services, id = job.id](bool complete) {
    if (complete) (void)services.jobs().mark_watched(id);
  };
  response.body =
      Events{{[&services, id = job.id](std::function<void()> wake) {
                return services.events.subscribe(id, std::move(wake));
              },
              kHeartbeat},
             [&services, id = job.id, seen]() mutable { return next_event(services, id, seen); }};
  return response;
}

}  // namespace cad::http
