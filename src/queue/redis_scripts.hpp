// SPDX-License-Identifier: Apache-2.0
// What happens in Redis, each call one round trip and all or nothing. Keys (below the prefix and
// kPlace):
//   job     hash    job that waits -> "created_at turn_at attempt account"
//   wait:A  zset    the account's waiting jobs by turn_at
//   later   zset    jobs that wait for their time, by that time
//   ready   zset    accounts with waiting jobs: fewest runners first, then who waits longest
//   held    hash    account -> its runners on all nodes
//   last    hash    account that waits -> when it was served last
//   work    stream  what runs; the group "workers" knows who runs it and since when it was heard of
//   run     hash    job that runs -> "entry attempt account owner"
//   epoch   string  gone after a flush: then all that waits is offered anew
//   walk:N  string  node N does that, and there was no flush since it began
//   tick    string  held by the node whose turn it is to look after what was left behind
//   wake    channel "sender count listeners": that many jobs have come that may be taken now
//   listeners  string  how many nodes heard the last one
//
// What is said of a run that is not the present one any more changes nothing: a run is known by
// owner and attempt, or by its entry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "queue/claims.hpp"
#include "redis/client.hpp"

namespace cad::queue {

class RedisScripts {
 public:
  // A new number whenever what lies there changes its form or its meaning: nodes of two versions
  // then keep to their own, and the database to the truth.
  static constexpr std::string_view kPlace = "queue:2:";

  RedisScripts(redis::Client& client, std::string prefix, std::string node);

  // Puts those that Redis does not know in their places; how many those were.
  Result<std::int64_t> offer(const std::vector<Waiting>& jobs, store::UnixMs now);
  // The same for one job, whatever Redis knows of it; but a run of a later attempt is left alone,
  // unless it is the one of `entry`.
  Result<void> requeue(const Waiting& job, store::UnixMs now, std::string_view entry = "");

  struct Choice {
    std::optional<Waiting> job;
    std::string entry;         // what it runs as from now on,
    std::int64_t attempt = 0;  // if the database agrees
    bool complete = false;     // all that waits has been offered since the last flush
  };
  Result<Choice> take(store::UnixMs now, std::string_view owner, std::size_t most_everywhere,
                      const std::vector<std::string>& full_accounts);
  // The lease's owner is alive and runs the job, whether or not Redis knew.
  Result<void> adopt(store::UnixMs now, const Lease& lease, std::string_view job_id,
                     std::string_view account_id);
  // That run is over.
  Result<void> finish(std::string_view job_id, const Lease& lease);
  Result<void> drop(std::string_view job_id, std::string_view entry);

  // Entries that nobody has been heard of for so long.
  struct Entry {
    std::string id, job_id;
  };
  Result<std::vector<Entry>> abandoned(std::string_view owner, std::chrono::milliseconds idle);
  Result<void> forget_consumers(std::chrono::milliseconds idle);

  Result<bool> have_turn(std::chrono::milliseconds length);
  Result<bool> is_complete();
  // A walk over all that waits, to offer it: false when it was begun before and Redis has lost
  // nothing since.
  Result<bool> begin_walk();
  // All was offered: it is complete, unless there was a flush meanwhile.
  Result<void> end_walk();

  std::string name(std::string_view key) const { return prefix_ + std::string(key); }

 private:
  Result<redis::Reply> call(const redis::Script& script, std::vector<std::string> arguments);

  redis::Client& client_;
  const std::string prefix_, node_;
  const redis::Script offer_, requeue_, take_, adopt_, finish_, drop_, end_walk_;
};

}  // namespace cad::queue
