// SPDX-License-Identifier: Apache-2.0
// What every queue does in the jobs table: choosing and claiming, renewing, giving back. A claim is
// fenced by owner and attempt: of two that believe to have a job only one's words count.
#pragma once

#include <limits>
#include <vector>

#include "queue/queue.hpp"

namespace cad::queue {

// A waiting job, as much of it as its place depends on.
struct Waiting {
  std::string id, account_id;
  store::UnixMs created_at = 0, turn_at = 0, available_at = 0, updated_at = 0;
  std::int64_t attempt = 0;  // leases so far
};

// Where a walk over all that wait has got to, account by account.
struct Place {
  std::string account_id;
  store::UnixMs turn_at = std::numeric_limits<store::UnixMs>::min();
  std::string id;
};

// A job as the row has it, for who has found it somewhere else.
struct Standing {
  Waiting waiting;
  store::JobStatus status = store::JobStatus::pending;
  store::UnixMs lease_until = 0;
};

class Claims {
 public:
  Claims(store::Database& database, Options options);

  // By the database's own choice, but not of these accounts; none when nothing waits that may be
  // taken. Of one owner's threads one at a time: what another is about to take is not counted yet.
  Result<std::optional<Taken>> take(std::string_view owner, store::UnixMs now,
                                    std::chrono::milliseconds lease,
                                    const std::vector<std::string>& full_accounts = {});
  // That job, if it waits and its time has come.
  Result<std::optional<Taken>> claim(std::string_view id, std::string_view owner, store::UnixMs now,
                                     std::chrono::milliseconds lease);
  Result<bool> renew(std::string_view id, const Lease& lease, store::UnixMs now,
                     std::chrono::milliseconds length, int progress, std::string_view phase);
  // None: the lease is lost.
  Result<std::optional<Waiting>> give_back(std::string_view id, const Lease& lease,
                                           store::UnixMs now, store::UnixMs available_at,
                                           bool failed);
  // Jobs whose lease ran out before `until` wait again.
  Result<std::vector<Waiting>> reclaim(store::UnixMs now, store::UnixMs until);

  Result<std::vector<Waiting>> page_after(const Place& place, std::int64_t limit);
  Result<std::optional<Standing>> find(std::string_view id);

 private:
  Result<std::vector<std::string>> choose(std::string_view owner, store::UnixMs now,
                                          const std::vector<std::string>& full_accounts);
  Result<std::optional<Taken>> claim_by(const std::string& sql, std::string_view what,
                                        std::string_view owner, store::UnixMs now,
                                        std::chrono::milliseconds lease, std::int64_t most);

  store::Database& database_;
  const std::int64_t most_of_account_, most_everywhere_;
  const std::string choose_;
  const std::string claim_first_of_account_;
};

}  // namespace cad::queue
