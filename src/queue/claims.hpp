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

  // By the database's own choice; none when nothing waits that may be taken.
  Result<std::optional<Taken>> take(std::string_view owner, store::UnixMs now,
                                    std::chrono::milliseconds lease);
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
  Result<std::optional<std::string>> choose(std::string_view owner, store::UnixMs now);

  store::Database& database_;
  const std::int64_t most_of_account_, most_everywhere_;
};

}  // namespace cad::queue
