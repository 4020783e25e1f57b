// SPDX-License-Identifier: Apache-2.0
// Endings: a job deleted by its owner, an upload that nobody needs, what is over its age, and what
// a crash left behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "auth/authenticator.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

// Stops the job if it runs. `cancel` is told its id once the row is gone. Returns how many objects
// (upload, result parts, previews) were removed; NOT_FOUND as find_job().
Result<std::int64_t> delete_job(const Services& services, const auth::Principal& principal,
                                std::string_view id,
                                const std::function<void(const std::string&)>& cancel);

// The result has been handed over completely: the upload has served its purpose. Marked first,
// removed then: what a crash leaves between the two goes with the orphans.
void drop_upload(const Services& services, const std::string& job_id);

struct Swept {
  std::int64_t jobs = 0, uploads = 0, objects = 0, tokens = 0;  // objects: uploads among them
};
// Jobs over their age with all that is theirs, uploads over theirs, old Idempotency-Keys.
Result<Swept> sweep_expired(const Services& services,
                            const std::function<void(const std::string&)>& cancel);
// Objects that belong to no job, or to an attempt that did not become the result. For a service of
// many nodes: what one of them uploads just now looks like an orphan to the others, so an object
// only goes once it has looked so for `patience`, from the first of several sweeps on.
class OrphanSweep {
 public:
  OrphanSweep(const Services& services, std::chrono::milliseconds patience)
      : services_(services), patience_(patience) {}
  Result<Swept> run();

 private:
  using Time = std::chrono::steady_clock::time_point;
  Result<void> sweep(std::string_view prefix, std::map<blobs::Key, Time>& suspects, Swept& swept);
  Result<bool> is_orphan(const blobs::Key& key) const;

  const Services& services_;
  const std::chrono::milliseconds patience_;
  std::map<blobs::Key, Time> suspects_;  // since when
};
// Without patience: for the only node there is.
Result<Swept> sweep_orphans(const Services& services);

// The account with its keys, jobs, and every object of them. What is being uploaded for it just now
// is refused when it is complete. Safe to run again.
Result<Swept> purge_account(const Services& services, std::string_view account_id,
                            const std::function<void(const std::string&)>& cancel);

}  // namespace cad::jobs
