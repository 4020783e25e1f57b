// SPDX-License-Identifier: Apache-2.0
#include "queue/redis_queue.hpp"

#include <atomic>
#include <charconv>
#include <map>
#include <mutex>

#include "crypto/bytes.hpp"
#include "queue/claims.hpp"
#include "queue/redis_scripts.hpp"
#include "queue/redis_upkeep.hpp"
#include "queue/signals.hpp"
#include "queue/waiting_count.hpp"
#include "redis/subscriber.hpp"

namespace cad::queue {
namespace {

using store::UnixMs;

// Entries of jobs that do not wait any more are passed over, so many in a row.
constexpr int kTries = 64;

// What each owner of this process runs, by account.
class Running {
 public:
  void add(const std::string& owner, const std::string& job_id, const std::string& account_id) {
    const std::lock_guard lock(mutex_);
    jobs_[{owner, job_id}] = account_id;
  }
  void remove(const std::string& owner, std::string_view job_id) {
    const std::lock_guard lock(mutex_);
    jobs_.erase({owner, std::string(job_id)});
  }
  std::optional<std::string> account_of(const std::string& owner, std::string_view job_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find({owner, std::string(job_id)});
    return found == jobs_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> full_accounts(std::string_view owner, std::size_t most) const {
    std::map<std::string, std::size_t> counts;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [job, account] : jobs_)
        if (job.first == owner) ++counts[account];
    }
    std::vector<std::string> full;
    for (const auto& [account, count] : counts)
      if (count >= most) full.push_back(account);
    return full;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::string> jobs_;  // (owner, job) -> account
};

class RedisQueue : public Queue {
 public:
  RedisQueue(store::Database& database, redis::Client& client, RedisQueueOptions options)
      : options_(std::move(options)),
        node_("node_" + crypto::random_hex(8)),
        claims_(database, options_.limits),
        scripts_(client, options_.prefix, node_),
        upkeep_(claims_, scripts_, options_),
        count_(database),
        signals_(static_cast<std::int64_t>(options_.limits.most_of_account) + 1),
        subscriber_(client.options(),
                    {[this](std::string_view, std::string_view text) { wake(text); }}) {
    subscriber_.add(scripts_.name("wake"));
  }

  void offer(const store::Job& job) override {
    count_.add(1);
    const Waiting waiting{job.id, job.account_id, job.created_at,
                          job.turn_at != 0 ? job.turn_at : job.created_at, job.created_at};
    (void)seen(scripts_.offer({waiting}, job.created_at));
    signals_.notify();
  }

  Result<std::optional<Taken>> take(std::string_view owner, UnixMs now,
                                    std::chrono::milliseconds lease) override {
    Result<std::optional<Taken>> taken = std::optional<Taken>();
    bool complete = false;
    const auto done = take_of_redis(owner, now, lease, taken, complete);
    (void)seen(done);
    // Redis is away, or has not been told yet of all that waits: the database chooses by itself.
    if (taken && !*taken && (!done || !complete)) {
      taken = claims_.take(owner, now, lease);
      if (taken && *taken && done)
        (void)scripts_.adopt(now, owner, (*taken)->job.id, (*taken)->job.account_id);
    }
    if (taken && *taken) {
      running_.add(std::string(owner), (*taken)->job.id, (*taken)->job.account_id);
      count_.add(-1);
    }
    return taken;
  }

  Result<bool> renew(std::string_view job_id, const Lease& lease, UnixMs now,
                     std::chrono::milliseconds length, int progress,
                     std::string_view phase) override {
    CAD_ASSIGN(const bool mine, claims_.renew(job_id, lease, now, length, progress, phase));
    if (!mine) return false;
    if (const auto account = running_.account_of(lease.owner, job_id))
      (void)seen(scripts_.adopt(now, lease.owner, job_id, *account));
    return true;
  }

  Result<bool> give_back(std::string_view job_id, const Lease& lease, UnixMs now,
                         UnixMs available_at, bool failed) override {
    CAD_ASSIGN(const auto given, claims_.give_back(job_id, lease, now, available_at, failed));
    running_.remove(lease.owner, job_id);
    if (!given) return false;
    count_.add(1);
    (void)seen(scripts_.requeue(*given, now));
    signals_.notify();
    return true;
  }

  void release(std::string_view job_id, const Lease& lease,
               std::optional<std::string_view> given_up) override {
    // Who has given the job back holds it no more: Redis may know it as another's by now.
    if (!running_.account_of(lease.owner, job_id)) return;
    running_.remove(lease.owner, job_id);
    (void)seen(scripts_.finish(0, job_id));
    if (given_up) (void)scripts_.bury(job_id, *given_up, lease.attempt);
  }

  Result<std::int64_t> upkeep(UnixMs now) override {
    CAD_ASSIGN(const auto done, upkeep_.tick(now));
    (void)seen(done.redis);
    count_.add(done.reclaimed);
    for (std::int64_t i = 0; i < done.reclaimed; ++i) signals_.notify();
    return done.reclaimed;
  }

  Result<std::int64_t> reclaim_all(UnixMs now) override {
    CAD_ASSIGN(const auto jobs, claims_.reclaim(now, std::numeric_limits<UnixMs>::max()));
    for (const Waiting& job : jobs) (void)seen(scripts_.requeue(job, now));
    const auto count = static_cast<std::int64_t>(jobs.size());
    count_.add(count);
    return count;
  }

  Result<std::int64_t> waiting() override { return count_.get(); }
  void wait(std::chrono::milliseconds time) override { signals_.wait(time); }
  void notify() override { signals_.notify(); }
  void close() override { signals_.close(); }

 private:
  // `taken`: what came of it; the error of the return value is Redis'.
  Result<void> take_of_redis(std::string_view owner, UnixMs now, std::chrono::milliseconds lease,
                             Result<std::optional<Taken>>& taken, bool& complete) {
    for (int i = 0; i < kTries; ++i) {
      CAD_ASSIGN(auto choice,
                 scripts_.take(now, owner, options_.limits.most_of_account_everywhere,
                               running_.full_accounts(owner, options_.limits.most_of_account)));
      complete = choice.complete;
      if (!choice.job) return {};
      taken = claims_.claim(choice.job->id, owner, now, lease);
      if (taken && *taken) return {};
      CAD_TRY(put_aside(*choice.job, now, taken.has_value()));
      if (!taken) return {};
    }
    return {};
  }

  // Redis gave a job that could not be claimed: it is gone or another's, its time has not come, or
  // the database is away.
  Result<void> put_aside(Waiting job, UnixMs now, bool asked) {
    constexpr UnixMs kPause = 1'000;
    job.available_at = now + kPause;
    if (!asked) return scripts_.requeue(job, now);
    const auto standing = claims_.find(job.id);
    if (!standing) return scripts_.requeue(job, now);
    if (!*standing || (*standing)->status != store::JobStatus::pending)
      return scripts_.finish(now, job.id);
    return scripts_.requeue((*standing)->waiting, now);
  }

  void wake(std::string_view text) {
    const auto space = text.find(' ');
    if (space == text.npos || text.substr(0, space) == node_) return;
    std::int64_t count = 0;
    std::from_chars(text.data() + space + 1, text.data() + text.size(), count);
    const auto most = static_cast<std::int64_t>(options_.limits.most_of_account) + 1;
    for (std::int64_t i = 0; i < std::min(count, most); ++i) signals_.notify();
  }

  // Tells once that Redis has gone, and once that it is back.
  template <class T>
  const Result<T>& seen(const Result<T>& result) {
    const bool away = !result;
    if (away_.exchange(away) != away && options_.on_outage)
      options_.on_outage(away, away ? result.error().message : "");
    return result;
  }

  const RedisQueueOptions options_;
  const std::string node_;
  Claims claims_;
  RedisScripts scripts_;
  RedisUpkeep upkeep_;
  WaitingCount count_;
  Signals signals_;
  Running running_;
  std::atomic<bool> away_ = false;
  redis::Subscriber subscriber_;  // last: it calls the others
};

}  // namespace

std::unique_ptr<Queue> make_redis_queue(store::Database& database, redis::Client& client,
                                        RedisQueueOptions options) {
  return std::make_unique<RedisQueue>(database, client, std::move(options));
}

}  // namespace cad::queue
