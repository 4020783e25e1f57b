// SPDX-License-Identifier: Apache-2.0
#include "jobs/status.hpp"

#include <charconv>

#include "crypto/bytes.hpp"

namespace cad::jobs {

Result<store::Job> find_job(const Services& services, const auth::Principal& principal,
                            std::string_view id) {
  auto job = services.jobs().find_seen(id, principal.viewer());
  if (!job && job.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, "Job not found");
  return job;
}

Result<store::Job> find_completed_job(const Services& services, const auth::Principal& principal,
                                      std::string_view id) {
  CAD_ASSIGN(store::Job job, find_job(services, principal, id));
  if (job.status == store::JobStatus::completed) return job;
  if (job.status == store::JobStatus::failed)
    return fail(ErrorCode::conflict,
                "The job failed and has no result: " + job.error_msg.value_or("no reason known"));
  return fail(ErrorCode::conflict, "The job is not completed yet; its status is " +
                                       std::string(to_string(job.status)) + ".");
}

Result<JobList> list_jobs(const Services& services, const auth::Principal& principal,
                          const store::JobQuery& query) {
  CAD_ASSIGN(store::JobPage page, services.jobs().list(principal.viewer(), query));
  JobList list;
  if (page.next) list.next_cursor = encode_cursor(*page.next);
  list.jobs = std::move(page.jobs);
  return list;
}

std::string encode_cursor(const store::PageCursor& cursor) {
  return crypto::to_base64url(
      crypto::as_bytes(std::to_string(cursor.created_at) + "." + cursor.id));
}

std::optional<store::PageCursor> decode_cursor(std::string_view text) {
  const auto plain = crypto::from_base64url(text);
  if (!plain || plain->size() > 200) return std::nullopt;
  const auto dot = plain->find('.');
  if (dot == std::string::npos) return std::nullopt;
  store::PageCursor cursor;
  const auto [end, error] = std::from_chars(plain->data(), plain->data() + dot, cursor.created_at);
  if (error != std::errc() || end != plain->data() + dot) return std::nullopt;
  cursor.id = plain->substr(dot + 1);
  return cursor;
}

Progress progress_of(const Services& services, const store::Job& job) {
  if (job.status == store::JobStatus::processing) {
    if (auto live = services.events.latest(job.id)) return *live;
  }
  return {job.attempt, static_cast<int>(job.progress), job.phase};
}

}  // namespace cad::jobs
