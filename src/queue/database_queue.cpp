// SPDX-License-Identifier: Apache-2.0
// The queue is the jobs table: accepting a job and queueing it are one transaction.
#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "queue/queue.hpp"
#include "store/job_columns.hpp"
#include "store/outbox.hpp"

namespace cad::queue {
namespace {

using store::UnixMs;

// Accounts with waiting jobs, hopping from one to the next in the index; each with its longest
// waiting job and the number of runners that it holds. One account's backlog costs nothing.
constexpr std::string_view kChoose =
    "WITH RECURSIVE waiting(account_id) AS ("
    " SELECT MIN(account_id) FROM jobs WHERE status = 'PENDING'"
    " UNION ALL SELECT (SELECT MIN(n.account_id) FROM jobs n WHERE n.status = 'PENDING'"
    " AND n.account_id > w.account_id) FROM waiting w WHERE w.account_id IS NOT NULL),"
    " heads AS (SELECT"
    " (SELECT h.id FROM jobs h WHERE h.status = 'PENDING' AND h.account_id = w.account_id"
    " AND h.available_at <= $3 ORDER BY h.available_at, h.id LIMIT 1) AS id,"
    " (SELECT COUNT(*) FROM jobs r WHERE r.status = 'PROCESSING' AND r.account_id = w.account_id"
    " AND r.lease_owner = $1) AS held FROM waiting w WHERE w.account_id IS NOT NULL)"
    " SELECT j.id FROM heads JOIN jobs j ON j.id = heads.id WHERE heads.held < $4"
    " ORDER BY heads.held, j.available_at, j.id LIMIT 1";

// The outer condition makes two takers that chose the same row on PostgreSQL harmless.
const std::string kTake =
    "UPDATE jobs SET status = 'PROCESSING', lease_owner = $1, lease_until = $2,"
    " attempt = attempt + 1, started_at = COALESCE(started_at, $3), updated_at = $3,"
    " progress = 0, phase = 'starting'"
    " WHERE status = 'PENDING' AND id = (" +
    std::string(kChoose) + ") RETURNING " + std::string(store::kJobColumns);

class DatabaseQueue : public Queue {
 public:
  DatabaseQueue(store::Database& database, std::size_t most_of_account)
      : database_(database), most_of_account_(static_cast<std::int64_t>(most_of_account)) {}

  Result<std::optional<Taken>> take(std::string_view owner, UnixMs now,
                                    std::chrono::milliseconds lease) override {
    std::optional<Taken> taken;
    const auto done = database_.transaction([&](store::Session& session) -> Result<void> {
      taken.reset();
      CAD_ASSIGN(const auto rows, session.run(kTake, {std::string(owner), now + lease.count(), now,
                                                      most_of_account_}));
      if (rows.rows.empty()) return {};
      CAD_ASSIGN(store::Job job, store::job_from_row(rows.rows.front()));
      // A job that is taken again has been announced already.
      if (job.attempt == 1)
        CAD_TRY(store::record_event(session, job, store::EventName::processing, now));
      Lease mine{std::string(owner), job.attempt};
      taken = Taken{std::move(job), std::move(mine)};
      return {};
    });
    if (!done) return tl::unexpected(done.error());
    return taken;
  }

  Result<bool> renew(std::string_view job_id, const Lease& lease, UnixMs now,
                     std::chrono::milliseconds length, int progress,
                     std::string_view phase) override {
    CAD_ASSIGN(
        const auto rows,
        database_.write("UPDATE jobs SET lease_until = $4, updated_at = $5, progress = $6,"
                        " phase = $7 WHERE id = $1 AND lease_owner = $2 AND attempt = $3"
                        " AND status = 'PROCESSING'",
                        {std::string(job_id), lease.owner, lease.attempt, now + length.count(), now,
                         std::int64_t{progress}, std::string(phase)}));
    return rows.changed == 1;
  }

  Result<bool> give_back(std::string_view job_id, const Lease& lease, UnixMs now,
                         UnixMs available_at, bool failed) override {
    CAD_ASSIGN(const auto rows,
               database_.write("UPDATE jobs SET status = 'PENDING', lease_owner = NULL,"
                               " lease_until = NULL, updated_at = $4, available_at = $5,"
                               " failures = failures + $6, progress = 0, phase = 'queued'"
                               " WHERE id = $1 AND lease_owner = $2 AND attempt = $3"
                               " AND status = 'PROCESSING'",
                               {std::string(job_id), lease.owner, lease.attempt, now, available_at,
                                std::int64_t{failed}}));
    notify();
    return rows.changed == 1;
  }

  Result<std::int64_t> reclaim_expired(UnixMs now) override { return reclaim(now, now); }

  Result<std::int64_t> reclaim_all(UnixMs now) override {
    return reclaim(now, std::numeric_limits<std::int64_t>::max());
  }

  Result<std::int64_t> waiting() override {
    CAD_ASSIGN(const auto rows,
               database_.read("SELECT COUNT(*) FROM jobs WHERE status = 'PENDING'", {}));
    return rows.rows.at(0).integer(0);
  }

  void wait(std::chrono::milliseconds time) override {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, time, [this] { return closed_ || signals_ > 0; }) && signals_ > 0)
      --signals_;
  }

  void notify() override {
    {
      const std::lock_guard lock(mutex_);
      signals_ = std::min(signals_ + 1, most_of_account_ + 1);
    }
    changed_.notify_one();
  }

  void close() override {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  Result<std::int64_t> reclaim(UnixMs now, UnixMs until) {
    CAD_ASSIGN(const auto rows,
               database_.write("UPDATE jobs SET status = 'PENDING', lease_owner = NULL,"
                               " lease_until = NULL, updated_at = $1, available_at = $1,"
                               " progress = 0, phase = 'queued'"
                               " WHERE status = 'PROCESSING' AND lease_until <= $2",
                               {now, until}));
    if (rows.changed > 0) notify();
    return rows.changed;
  }

  store::Database& database_;
  const std::int64_t most_of_account_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Kept, so that no job is lost between take() and wait(); one for each runner is enough, as a
  // runner that wakes takes until there is nothing more.
  std::int64_t signals_ = 0;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Queue> make_database_queue(store::Database& database, std::size_t most_of_account) {
  return std::make_unique<DatabaseQueue>(database, most_of_account);
}

}  // namespace cad::queue
