// SPDX-License-Identifier: Apache-2.0
// The queue of many nodes: Redis orders what waits and hands it out, the jobs table stays the
// truth. Redis away, flushed or started anew loses no job: see docs/queue.md.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "queue/queue.hpp"

namespace cad::queue {

struct RedisQueueOptions {
  Options limits;
  std::string prefix = "cadlens:";
  std::chrono::milliseconds lease{30'000};  // an entry as old as this is its taker's no more
  std::chrono::milliseconds tick{1'000};    // one node at a time looks after what was left behind
  std::chrono::milliseconds walk_every{5'000};  // pause between walks over all that waits
  std::chrono::milliseconds settle{2'000};      // what has waited less is about to be offered
  std::int64_t page = 1'000;                    // of such a walk, in each tick
  // Redis is away and the database chooses; or is back. Once each time; must not block.
  std::function<void(bool away, std::string_view why)> on_outage = nullptr;
};

std::unique_ptr<Queue> make_redis_queue(store::Database& database, redis::Client& client,
                                        RedisQueueOptions options);

}  // namespace cad::queue
