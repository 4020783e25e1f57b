// SPDX-License-Identifier: Apache-2.0
// Looking at jobs: one, and pages of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/authenticator.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

// The caller's job; NOT_FOUND for every other, whether it exists or not.
Result<store::Job> find_job(const Services& services, const auth::Principal& principal,
                            std::string_view id);
// As find_job(), and CONFLICT while there is no result.
Result<store::Job> find_completed_job(const Services& services, const auth::Principal& principal,
                                      std::string_view id);

struct JobList {
  std::vector<store::Job> jobs;
  std::optional<std::string> next_cursor;
};
Result<JobList> list_jobs(const Services& services, const auth::Principal& principal,
                          const store::JobQuery& query);

// Cursors are opaque to clients: base64url of "<time>.<id>".
std::string encode_cursor(const store::PageCursor& cursor);
std::optional<store::PageCursor> decode_cursor(std::string_view text);

// How far the job is, the live value for a running one.
Progress progress_of(const Services& services, const store::Job& job);

}  // namespace cad::jobs
