// SPDX-License-Identifier: Apache-2.0
// Jobs waiting for a runner. A job is taken under a lease that its runner renews; a lease that runs
// out means that the runner is gone, and the job is offered again.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::queue {

struct Lease {
  std::string owner;         // this runner, unique for the life of its process
  std::int64_t attempt = 0;  // with the owner: the proof that the lease is still the same
};

struct Taken {
  store::Job job;
  Lease lease;
};

class Queue {
 public:
  virtual ~Queue() = default;

  // The next job, now PROCESSING: of the waiting account that holds the fewest of this owner's
  // runners the longest waiting job; none when nothing waits that may be taken.
  virtual Result<std::optional<Taken>> take(std::string_view owner, store::UnixMs now,
                                            std::chrono::milliseconds lease) = 0;
  // False: the lease is lost (expired and taken by another, or the job is deleted).
  virtual Result<bool> renew(std::string_view job_id, const Lease& lease, store::UnixMs now,
                             std::chrono::milliseconds length, int progress,
                             std::string_view phase) = 0;
  // Offers the job again, not before `available_at`. `failed` counts the attempt against the job.
  virtual Result<bool> give_back(std::string_view job_id, const Lease& lease, store::UnixMs now,
                                 store::UnixMs available_at, bool failed) = 0;
  // Leases that ran out before `now`: their jobs wait again. Returns how many.
  virtual Result<std::int64_t> reclaim_expired(store::UnixMs now) = 0;
  // Every lease, whoever holds it: for the start of the only process on this database.
  virtual Result<std::int64_t> reclaim_all(store::UnixMs now) = 0;
  virtual Result<std::int64_t> waiting() = 0;

  // Sleeps until a job may be there: notify() was called or the time is over.
  virtual void wait(std::chrono::milliseconds time) = 0;
  virtual void notify() = 0;
  // Every waiter returns at once from now on.
  virtual void close() = 0;
};

// An account never holds more than `most_of_account` of an owner's runners at a time: with one
// runner more than that there is always one for the others.
std::unique_ptr<Queue> make_database_queue(store::Database& database, std::size_t most_of_account);

}  // namespace cad::queue
