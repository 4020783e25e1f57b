// SPDX-License-Identifier: Apache-2.0
#include "queue/redis_upkeep.hpp"

namespace cad::queue {
namespace {

constexpr std::chrono::hours kForgotten{1};
constexpr std::chrono::minutes kClearEvery{10};
constexpr std::chrono::seconds kMostAtOnce{2};

}  // namespace

Result<RedisUpkeep::Done> RedisUpkeep::tick(store::UnixMs now) {
  const std::lock_guard lock(mutex_);
  Done done;
  const auto turn =
      scripts_.have_turn(std::max(options_.tick * 9 / 10, std::chrono::milliseconds(1)));
  if (turn && !*turn) return done;
  CAD_ASSIGN(const auto reclaimed, claims_.reclaim(now, now));
  done.reclaimed = static_cast<std::int64_t>(reclaimed.size());
  done.redis = turn ? in_redis(now, reclaimed) : Result<void>(tl::unexpected(turn.error()));
  return done;
}

Result<void> RedisUpkeep::in_redis(store::UnixMs now, const std::vector<Waiting>& reclaimed) {
  for (const Waiting& job : reclaimed) CAD_TRY(scripts_.requeue(job, now));
  CAD_ASSIGN(const auto entries, scripts_.abandoned("upkeep", options_.lease));
  for (const auto& entry : entries) CAD_TRY(look_after(entry, now));
  if (Clock::now() >= next_clearing_) {
    CAD_TRY(scripts_.forget_consumers(kForgotten));
    next_clearing_ = Clock::now() + kClearEvery;
  }
  return reconcile(now);
}

// Nobody has been heard of for as long as a lease lasts. Who renews in the database alone, as Redis
// was away, keeps the job.
Result<void> RedisUpkeep::look_after(const RedisScripts::Entry& entry, store::UnixMs now) {
  CAD_ASSIGN(const auto standing, claims_.find(entry.job_id));
  if (standing && standing->status == store::JobStatus::processing) return {};
  if (standing && standing->status == store::JobStatus::pending)
    CAD_TRY(scripts_.requeue(standing->waiting, now, entry.id));
  return scripts_.drop(entry.job_id, entry.id);
}

Result<void> RedisUpkeep::reconcile(store::UnixMs now) {
  CAD_ASSIGN(const bool complete, scripts_.is_complete());
  if (complete) {
    if (Clock::now() < next_walk_) return {};
    CAD_ASSIGN(const bool ended, walk_on(now, false));
    if (ended) next_walk_ = Clock::now() + options_.walk_every;
    return {};
  }
  CAD_ASSIGN(const bool anew, scripts_.begin_walk());
  if (anew) place_ = {};
  const auto end = Clock::now() + kMostAtOnce;
  while (Clock::now() < end) {
    CAD_ASSIGN(const bool ended, walk_on(now, true));
    if (ended) return scripts_.end_walk();
  }
  return {};  // the rest comes with the next ticks
}

// True: at the end.
Result<bool> RedisUpkeep::walk_on(store::UnixMs now, bool everything) {
  CAD_ASSIGN(auto page, claims_.page_after(place_, options_.page));
  const bool ended = static_cast<std::int64_t>(page.size()) < options_.page;
  place_ = ended ? Place{} : Place{page.back().account_id, page.back().turn_at, page.back().id};
  if (!everything)
    std::erase_if(
        page, [&](const Waiting& job) { return job.updated_at > now - options_.settle.count(); });
  CAD_TRY(scripts_.offer(page, now));
  return ended;
}

}  // namespace cad::queue
