// SPDX-License-Identifier: Apache-2.0
// What happens in Redis, each call one round trip and all or nothing. Keys (below the prefix):
//   job     hash    job that waits -> "created_at turn_at account"
//   wait:A  zset    the account's waiting jobs by turn_at
//   later   zset    jobs that wait for their time, by that time
//   ready   zset    accounts with waiting jobs: fewest runners first, then who waits longest
//   held    hash    account -> its runners on all nodes
//   last    hash    account that waits -> when it was served last
//   work    stream  what runs; the group "workers" knows who runs it and since when it was heard of
//   run     hash    job that runs -> "entry account"
//   dead    stream  jobs that were given up, with the reason; about the last thousand
//   epoch   string  gone after a flush: then all that waits is offered anew
//   walk:N  string  node N does that, and there was no flush since it began
//   tick    string  held by the node whose turn it is to look after what was left behind
//   wake    channel "sender count": that many jobs have come
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "queue/claims.hpp"
#include "redis/client.hpp"

namespace cad::queue {

class RedisScripts {
 public:
  RedisScripts(redis::Client& client, std::string prefix, std::string node);

  // Puts those that Redis does not know in their places; how many those were.
  Result<std::int64_t> offer(const std::vector<Waiting>& jobs, store::UnixMs now);
  // The same for one job, whatever Redis knows of it.
  Result<void> requeue(const Waiting& job, store::UnixMs now);

  struct Choice {
    std::optional<Waiting> job;
    bool complete = false;  // all that waits has been offered since the last flush
  };
  Result<Choice> take(store::UnixMs now, std::string_view owner, std::size_t most_everywhere,
                      const std::vector<std::string>& full_accounts);
  // The owner is alive and runs the job, whether or not Redis knew.
  Result<void> adopt(store::UnixMs now, std::string_view owner, std::string_view job_id,
                     std::string_view account_id);
  // The job waits and runs no more, as far as Redis is concerned.
  Result<void> finish(store::UnixMs now, std::string_view job_id);
  Result<void> bury(std::string_view job_id, std::string_view code, std::int64_t attempt);

  // Entries that nobody has been heard of for so long.
  struct Entry {
    std::string id, job_id;
  };
  Result<std::vector<Entry>> abandoned(std::string_view owner, std::chrono::milliseconds idle);
  Result<void> drop_entry(std::string_view entry_id);
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
  const redis::Script offer_, requeue_, take_, adopt_, finish_, end_walk_;
};

}  // namespace cad::queue
