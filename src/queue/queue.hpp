// SPDX-License-Identifier: Apache-2.0
// Jobs waiting for a runner. The jobs table is the truth: a job waits when its row says PENDING,
// and is a runner's while the row names its lease. A lease that runs out means that the runner is
// gone, and the job is offered again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::redis {
class Client;
}

namespace cad::queue {

struct Lease {
  std::string owner;         // this runner, unique for the life of its process
  std::int64_t attempt = 0;  // with the owner: the proof that the lease is still the same
};

struct Taken {
  store::Job job;
  Lease lease;
  bool has_receivers = true;  // of what happens to it; who registers while it runs waits a little
};

class Queue {
 public:
  virtual ~Queue() = default;

  // The job's row has been written. Never fails: what is missed here is found by upkeep().
  virtual void offer(const store::Job& job) = 0;
  // The next job, now PROCESSING; none when nothing waits that may be taken. Of the accounts with
  // the fewest runners (of all owners) the one that has waited longest since it was served, and of
  // that account the job with the earliest turn.
  virtual Result<std::optional<Taken>> take(std::string_view owner, store::UnixMs now,
                                            std::chrono::milliseconds lease) = 0;
  // False: the lease is lost (expired and taken by another, or the job is deleted).
  virtual Result<bool> renew(std::string_view job_id, const Lease& lease, store::UnixMs now,
                             std::chrono::milliseconds length, int progress,
                             std::string_view phase) = 0;
  // Offers the job again, not before `available_at`. `failed` counts the attempt against the job;
  // else it is excused, and counts as none.
  virtual Result<bool> give_back(std::string_view job_id, const Lease& lease, store::UnixMs now,
                                 store::UnixMs available_at, bool failed) = 0;
  // The job has ended, or is somebody else's: it counts no more as its owner's.
  virtual void release(std::string_view job_id, const Lease& lease) = 0;
  // To be called about every second by who takes jobs. Leases that ran out before `now`: their jobs
  // wait again. Returns how many.
  virtual Result<std::int64_t> upkeep(store::UnixMs now) = 0;
  // Every lease, whoever holds it: for the start of the only process on this database.
  virtual Result<std::int64_t> reclaim_all(store::UnixMs now) = 0;
  // How many jobs wait, as counted some 100 ms ago (waiting_count.hpp): costs nothing, however many
  // there are.
  virtual Result<std::int64_t> waiting() = 0;

  // Sleeps until a job may be there: one was offered or the time is over.
  virtual void wait(std::chrono::milliseconds time) = 0;
  // Every waiter returns at once from now on.
  virtual void close() = 0;
};

struct Options {
  // An account never holds more than this of an owner's runners at a time: with one runner more
  // than that there is always one for the others.
  std::size_t most_of_account = 1;
  // Nor more than this of all owners' runners together; 0: no such limit.
  std::size_t most_of_account_everywhere = 0;
};

std::unique_ptr<Queue> make_database_queue(store::Database& database, Options options);
inline std::unique_ptr<Queue> make_database_queue(store::Database& database,
                                                  std::size_t most_of_account) {
  return make_database_queue(database, Options{most_of_account, 0});
}

}  // namespace cad::queue
