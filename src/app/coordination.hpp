// SPDX-License-Identifier: Apache-2.0
// How the nodes of a service get on with each other: who takes which job, how often somebody may
// ask, who is told of what. Over Redis, or within one process.
#pragma once

#include <functional>
#include <memory>

#include "app/backends.hpp"
#include "app/config.hpp"
#include "jobs/job_watch.hpp"
#include "jobs/redis_relay.hpp"
#include "queue/queue.hpp"
#include "rate/limiter.hpp"
#include "redis/client.hpp"

namespace cad::app {

class Coordination {
 public:
  // `database` and `log` must outlive it.
  static Result<std::unique_ptr<Coordination>> make(const BackendUrls& urls, const Config& config,
                                                    store::Database& database, spdlog::logger& log);
  ~Coordination();

  queue::Queue& queue() { return *queue_; }
  rate::Limiter& limiter() { return *limiter_; }
  // Whether Redis answers; none: there is no Redis.
  std::function<Result<void>()> ask_redis();
  // From now on what happens to a job on other nodes wakes who waits for it here, and the other way
  // round. `events` must outlive it.
  void connect(jobs::EventHub& events);

 private:
  Coordination(store::Database& database, bool many_nodes)
      : database_(database), many_nodes_(many_nodes) {}

  store::Database& database_;
  const bool many_nodes_;
  std::unique_ptr<redis::Client> redis_;
  std::unique_ptr<queue::Queue> queue_;
  std::unique_ptr<rate::Limiter> limiter_;
  std::unique_ptr<jobs::RedisRelay> relay_;
  std::unique_ptr<jobs::JobWatch> watch_;
};

}  // namespace cad::app
