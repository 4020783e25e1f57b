// SPDX-License-Identifier: Apache-2.0
// The queue is the jobs table: accepting a job and queueing it are one transaction.
#include <mutex>

#include "queue/claims.hpp"
#include "queue/signals.hpp"
#include "queue/waiting_count.hpp"

namespace cad::queue {
namespace {

using store::UnixMs;

class DatabaseQueue : public Queue {
 public:
  DatabaseQueue(store::Database& database, Options options)
      : claims_(database, options),
        count_(database),
        signals_(static_cast<std::int64_t>(options.most_of_account) + 1) {}

  void offer(const store::Job&) override {
    count_.add(1);
    signals_.notify();
  }

  Result<std::optional<Taken>> take(std::string_view owner, UnixMs now,
                                    std::chrono::milliseconds lease) override {
    // One thread at a time: between the choice and the claim an account would get more than it may.
    const std::lock_guard lock(taking_);
    CAD_ASSIGN(auto taken, claims_.take(owner, now, lease));
    if (taken) count_.add(-1);
    return taken;
  }

  Result<bool> renew(std::string_view job_id, const Lease& lease, UnixMs now,
                     std::chrono::milliseconds length, int progress,
                     std::string_view phase) override {
    return claims_.renew(job_id, lease, now, length, progress, phase);
  }

  Result<bool> give_back(std::string_view job_id, const Lease& lease, UnixMs now,
                         UnixMs available_at, bool failed) override {
    CAD_ASSIGN(const auto given, claims_.give_back(job_id, lease, now, available_at, failed));
    if (given) count_.add(1);
    if (available_at <= now) signals_.notify();
    return given.has_value();
  }

  // What is taken and what is dead is in the rows themselves.
  void release(std::string_view, const Lease&) override {}

  Result<std::int64_t> upkeep(UnixMs now) override { return reclaim(now, now); }

  Result<std::int64_t> reclaim_all(UnixMs now) override {
    return reclaim(now, std::numeric_limits<std::int64_t>::max());
  }

  Result<std::int64_t> waiting() override { return count_.get(); }
  void wait(std::chrono::milliseconds time) override { signals_.wait(time); }
  void close() override { signals_.close(); }

 private:
  Result<std::int64_t> reclaim(UnixMs now, UnixMs until) {
    CAD_ASSIGN(const auto jobs, claims_.reclaim(now, until));
    const auto count = static_cast<std::int64_t>(jobs.size());
    count_.add(count);
    for (std::int64_t i = 0; i < count; ++i) signals_.notify();
    return count;
  }

  std::mutex taking_;
  Claims claims_;
  WaitingCount count_;
  Signals signals_;
};

}  // namespace

std::unique_ptr<Queue> make_database_queue(store::Database& database, Options options) {
  return std::make_unique<DatabaseQueue>(database, options);
}

}  // namespace cad::queue
