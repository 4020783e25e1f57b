// SPDX-License-Identifier: Apache-2.0
#include "queue/redis_queue.hpp"

#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <random>
#include <tuple>

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

// Of all nodes with runners so many wake for a job.
constexpr std::int64_t kWoken = 2;

// The database did not take a claim: it is left alone for a while.
constexpr std::chrono::seconds kPause{1};

// What each owner of this process runs, or is about to, by account.
class Running {
 public:
  void add(const Lease& lease, const std::string& job_id, const std::string& account_id) {
    const std::lock_guard lock(mutex_);
    jobs_[key(lease, job_id)] = account_id;
  }
  bool remove(const Lease& lease, std::string_view job_id) {
    const std::lock_guard lock(mutex_);
    return jobs_.erase(key(lease, job_id)) > 0;
  }
  std::optional<std::string> account_of(const Lease& lease, std::string_view job_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(key(lease, job_id));
    return found == jobs_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> full_accounts(std::string_view owner, std::size_t most) const {
    std::map<std::string, std::size_t> counts;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [job, account] : jobs_)
        if (std::get<0>(job) == owner) ++counts[account];
    }
    std::vector<std::string> full;
    for (const auto& [account, count] : counts)
      if (count >= most) full.push_back(account);
    return full;
  }

 private:
  // A job that was given back may run here again before the words about its last attempt are over.
  using Key = std::tuple<std::string, std::string, std::int64_t>;  // owner, job, attempt
  static Key key(const Lease& lease, std::string_view job_id) {
    return {lease.owner, std::string(job_id), lease.attempt};
  }

  mutable std::mutex mutex_;
  std::map<Key, std::string> jobs_;
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
                    {[this](std::string_view, std::string_view text) { wake(text); }}) {}

  void offer(const store::Job& job) override {
    count_.add(1);
    const Waiting waiting{job.id, job.account_id, job.created_at,
                          job.turn_at != 0 ? job.turn_at : job.created_at, job.created_at};
    (void)seen(scripts_.offer({waiting}, job.created_at));
    signals_.notify();
  }

  Result<std::optional<Taken>> take(std::string_view owner, UnixMs now,
                                    std::chrono::milliseconds lease) override {
    if (Clock::now() < paused_until_.load()) return std::optional<Taken>();
    Result<std::optional<Taken>> taken = std::optional<Taken>();
    bool complete = false;
    const auto done = take_of_redis(owner, now, lease, taken, complete);
    (void)seen(done);
    // Redis is away, or has not been told yet of all that waits: the database chooses by itself.
    if (taken && !*taken && (!done || !complete))
      taken = take_of_database(owner, now, lease, done.has_value());
    if (taken && *taken) count_.add(-1);
    if (!taken) paused_until_ = Clock::now() + kPause;
    return taken;
  }

  Result<bool> renew(std::string_view job_id, const Lease& lease, UnixMs now,
                     std::chrono::milliseconds length, int progress,
                     std::string_view phase) override {
    CAD_ASSIGN(const bool mine, claims_.renew(job_id, lease, now, length, progress, phase));
    if (!mine) return false;
    if (const auto account = running_.account_of(lease, job_id))
      (void)seen(scripts_.adopt(now, lease, job_id, *account));
    return true;
  }

  Result<bool> give_back(std::string_view job_id, const Lease& lease, UnixMs now,
                         UnixMs available_at, bool failed) override {
    CAD_ASSIGN(const auto given, claims_.give_back(job_id, lease, now, available_at, failed));
    running_.remove(lease, job_id);
    if (!given) {
      (void)seen(scripts_.finish(job_id, lease));
      return false;
    }
    count_.add(1);
    (void)seen(scripts_.requeue(*given, now));
    if (available_at <= now) signals_.notify();
    return true;
  }

  void release(std::string_view job_id, const Lease& lease) override {
    // Who has given the job back holds it no more.
    if (running_.remove(lease, job_id)) (void)seen(scripts_.finish(job_id, lease));
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
  void wait(std::chrono::milliseconds time) override {
    std::call_once(listening_, [this] { subscriber_.add(scripts_.name("wake")); });
    signals_.wait(time);
  }
  void close() override { signals_.close(); }

 private:
  using Clock = std::chrono::steady_clock;

  // `taken`: what came of it; the error of the return value is Redis'.
  Result<void> take_of_redis(std::string_view owner, UnixMs now, std::chrono::milliseconds lease,
                             Result<std::optional<Taken>>& taken, bool& complete) {
    for (int i = 0; i < kTries; ++i) {
      CAD_ASSIGN(const auto choice, choose(owner, now));
      complete = choice.complete;
      if (!choice.job) return {};
      const Lease meant{std::string(owner), choice.attempt};
      taken = claims_.claim(choice.job->id, owner, now, lease);
      if (taken && *taken) return settle(meant, **taken, now);
      running_.remove(meant, choice.job->id);
      CAD_TRY(put_aside(choice, now, taken.has_value()));
      if (!taken) return {};
    }
    return {};
  }

  // What is chosen counts as its account's before another thread chooses.
  Result<RedisScripts::Choice> choose(std::string_view owner, UnixMs now) {
    const std::lock_guard lock(choosing_);
    CAD_ASSIGN(auto choice,
               scripts_.take(now, owner, options_.limits.most_of_account_everywhere,
                             running_.full_accounts(owner, options_.limits.most_of_account)));
    if (choice.job)
      running_.add({std::string(owner), choice.attempt}, choice.job->id, choice.job->account_id);
    return choice;
  }

  // Redis may have missed attempts.
  Result<void> settle(const Lease& meant, const Taken& taken, UnixMs now) {
    if (taken.lease.attempt == meant.attempt) return {};
    running_.add(taken.lease, taken.job.id, taken.job.account_id);
    running_.remove(meant, taken.job.id);
    return scripts_.adopt(now, taken.lease, taken.job.id, taken.job.account_id);
  }

  Result<std::optional<Taken>> take_of_database(std::string_view owner, UnixMs now,
                                                std::chrono::milliseconds lease, bool tell_redis) {
    const std::lock_guard lock(choosing_);
    CAD_ASSIGN(auto taken,
               claims_.take(owner, now, lease,
                            running_.full_accounts(owner, options_.limits.most_of_account)));
    if (!taken) return taken;
    running_.add(taken->lease, taken->job.id, taken->job.account_id);
    if (tell_redis) (void)scripts_.adopt(now, taken->lease, taken->job.id, taken->job.account_id);
    return taken;
  }

  // Redis gave a job that could not be claimed: it is gone or another's, its time has not come, or
  // the database is away.
  Result<void> put_aside(const RedisScripts::Choice& choice, UnixMs now, bool asked) {
    Waiting job = *choice.job;
    const auto standing = asked ? claims_.find(job.id) : Result<std::optional<Standing>>();
    if (!asked || !standing) {
      job.available_at = now + std::chrono::milliseconds(kPause).count();
      return scripts_.requeue(job, now, choice.entry);
    }
    if (!*standing || (*standing)->status != store::JobStatus::pending)
      return scripts_.drop(job.id, choice.entry);
    return scripts_.requeue((*standing)->waiting, now, choice.entry);
  }

  // Every node hears of every job: of many each wakes for a few of them, or all would ask Redis
  // for each. Whoever finishes a job asks anyway, and whoever sleeps looks soon by itself.
  void wake(std::string_view text) {
    const auto space = text.find(' ');
    if (space == text.npos || text.substr(0, space) == node_) return;
    std::int64_t count = 0, listeners = 1;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data() + space + 1, end, count);
    if (first.ptr != end) std::from_chars(first.ptr + 1, end, listeners);
    const auto most = static_cast<std::int64_t>(options_.limits.most_of_account) + 1;
    for (std::int64_t i = 0; i < std::min(count, most); ++i)
      if (has_turn_of(listeners)) signals_.notify();
  }

  static bool has_turn_of(std::int64_t listeners) {
    if (listeners <= kWoken) return true;
    thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_int_distribution<std::int64_t>(1, listeners)(random) <= kWoken;
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
  std::mutex choosing_;  // one thread at a time: it counts what the others have
  std::atomic<Clock::time_point> paused_until_{};
  std::atomic<bool> away_ = false;
  std::once_flag listening_;      // nodes without runners need not hear
  redis::Subscriber subscriber_;  // last: it calls the others
};

}  // namespace

std::unique_ptr<Queue> make_redis_queue(store::Database& database, redis::Client& client,
                                        RedisQueueOptions options) {
  return std::make_unique<RedisQueue>(database, client, std::move(options));
}

}  // namespace cad::queue
