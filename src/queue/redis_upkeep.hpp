// SPDX-License-Identifier: Apache-2.0
// What was left behind: leases of nodes that died, entries that their takers never came back to,
// and jobs that wait without Redis knowing, all of them after a flush.
#pragma once

#include <mutex>

#include "queue/claims.hpp"
#include "queue/redis_queue.hpp"
#include "queue/redis_scripts.hpp"

namespace cad::queue {

class RedisUpkeep {
 public:
  RedisUpkeep(Claims& claims, RedisScripts& scripts, const RedisQueueOptions& options)
      : claims_(claims), scripts_(scripts), options_(options) {}

  struct Done {
    std::int64_t reclaimed = 0;
    Result<void> redis;  // whether Redis had its part
  };
  // One node at a time does it; while Redis is away each does what the database needs.
  Result<Done> tick(store::UnixMs now);

 private:
  Result<void> in_redis(store::UnixMs now, const std::vector<Waiting>& reclaimed);
  Result<void> look_after(const RedisScripts::Entry& entry, store::UnixMs now);
  Result<void> reconcile(store::UnixMs now);
  Result<bool> walk_on(store::UnixMs now, bool everything);

  using Clock = std::chrono::steady_clock;

  Claims& claims_;
  RedisScripts& scripts_;
  const RedisQueueOptions& options_;
  std::mutex mutex_;
  Place place_;
  Clock::time_point next_walk_{}, next_clearing_{};
};

}  // namespace cad::queue
