// SPDX-License-Identifier: Apache-2.0
// Endings: a job deleted by its owner, an upload that nobody needs, what is over its age. What a
// crash left behind is in orphans.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "auth/authenticator.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

// Stops the job if it runs. Returns how many objects (upload, result parts, previews) were removed;
// NOT_FOUND as find_job().
Result<std::int64_t> delete_job(const Services& services, const auth::Principal& principal,
                                std::string_view id);

// The result has been handed over completely: the upload has served its purpose. Marked first,
// removed then: what a crash leaves between the two goes with the orphans.
void drop_upload(const Services& services, const std::string& job_id);

// Asked now and then: true ends a sweep early. None: it goes on to its end.
using Stop = std::function<bool()>;

struct Swept {
  std::int64_t jobs = 0, uploads = 0, objects = 0, tokens = 0;  // objects: uploads among them
};
// Jobs over their age with all that is theirs, uploads over theirs, old Idempotency-Keys.
Result<Swept> sweep_expired(const Services& services, const Stop& stop = {});

// The account with its keys, jobs, and every object of them. What is being uploaded for it just now
// is refused when it is complete. Safe to run again.
Result<Swept> purge_account(const Services& services, std::string_view account_id);

}  // namespace cad::jobs
