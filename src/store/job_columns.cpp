// SPDX-License-Identifier: Apache-2.0
#include "store/job_columns.hpp"

namespace cad::store {

std::string_view to_string(JobStatus status) {
  switch (status) {
    case JobStatus::pending: return "PENDING";
    case JobStatus::processing: return "PROCESSING";
    case JobStatus::completed: return "COMPLETED";
    case JobStatus::failed: return "FAILED";
  }
  return "FAILED";
}

std::optional<JobStatus> parse_job_status(std::string_view text) {
  for (const JobStatus status :
       {JobStatus::pending, JobStatus::processing, JobStatus::completed, JobStatus::failed})
    if (to_string(status) == text) return status;
  return std::nullopt;
}

Values job_values(const Job& job) {
  return {job.id,
          job.uuid,
          job.key_id,
          job.account_id,
          std::string(to_string(job.status)),
          job.file_name,
          job.file_size,
          job.mime_type,
          job.format,
          job.sha256,
          nullable(job.webhook_url),
          nullable(job.notify_email),
          job.created_at,
          job.updated_at,
          nullable(job.started_at),
          nullable(job.completed_at),
          job.expires_at,
          nullable(job.error_code),
          nullable(job.error_msg),
          job.progress,
          job.phase,
          job.attempt,
          job.failures,
          nullable(job.result_attempt),
          std::int64_t{job.watched},
          std::int64_t{job.upload_gone},
          job.turn_at != 0 ? job.turn_at : job.created_at,
          job.trace,
          job.excused,
          std::int64_t{job.has_thumbnail}};
}

Result<Job> job_from_row(const Row& row) {
  const auto status = parse_job_status(row.text(4));
  if (!status) return fail(ErrorCode::integrity, "The database holds a job in no known state.");
  return Job{.id = row.text(0),
             .uuid = row.text(1),
             .key_id = row.text(2),
             .account_id = row.text(3),
             .status = *status,
             .file_name = row.text(5),
             .file_size = row.integer(6),
             .mime_type = row.text(7),
             .format = row.text(8),
             .sha256 = row.text(9),
             .webhook_url = row.maybe_text(10),
             .notify_email = row.maybe_text(11),
             .created_at = row.integer(12),
             .updated_at = row.integer(13),
             .started_at = row.maybe_integer(14),
             .completed_at = row.maybe_integer(15),
             .expires_at = row.integer(16),
             .error_code = row.maybe_text(17),
             .error_msg = row.maybe_text(18),
             .progress = row.integer(19),
             .phase = row.text(20),
             .attempt = row.integer(21),
             .failures = row.integer(22),
             .result_attempt = row.maybe_integer(23),
             .watched = row.integer(24) != 0,
             .upload_gone = row.integer(25) != 0,
             .turn_at = row.integer(26),
             .trace = row.text(27),
             .excused = row.integer(28),
             .has_thumbnail = row.integer(29) != 0};
}

}  // namespace cad::store
