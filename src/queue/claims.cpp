// SPDX-License-Identifier: Apache-2.0
#include "queue/claims.hpp"

#include <algorithm>

#include "store/job_columns.hpp"
#include "store/outbox.hpp"

namespace cad::queue {
namespace {

using store::Row;
using store::UnixMs;

// Who finds that others were quicker, or took what an account may still have, looks again, at most
// so often.
constexpr int kTries = 4;
constexpr std::size_t kAccounts = 16;

// SQLite would find an account's jobs by another index, and sort its whole backlog for each claim.
std::string_view in_order_of_turns(const store::Database& database) {
  return database.dialect() == store::Dialect::sqlite ? " INDEXED BY jobs_waiting" : "";
}

// Accounts with waiting jobs, hopping from one to the next in the index; each with its first job,
// the runners that it holds of all owners and of this one, and when it was served last. One
// account's backlog costs nothing. Among accounts with as many runners an account stands where its
// job would if it had come when the account was served last. Which of its jobs is taken is decided
// in the claim, where two takers can be kept apart.
std::string choose_accounts(const store::Database& database) {
  return "WITH RECURSIVE waiting(account_id) AS ("
         " SELECT MIN(account_id) FROM jobs WHERE status = 'PENDING'"
         " UNION ALL SELECT (SELECT MIN(n.account_id) FROM jobs n WHERE n.status = 'PENDING'"
         " AND n.account_id > w.account_id) FROM waiting w WHERE w.account_id IS NOT NULL),"
         " heads AS (SELECT"
         " (SELECT h.id FROM jobs h" +
         std::string(in_order_of_turns(database)) +
         " WHERE h.status = 'PENDING' AND h.account_id = w.account_id"
         " AND h.available_at <= $2 ORDER BY h.turn_at, h.id LIMIT 1) AS id,"
         " (SELECT COUNT(*) FROM jobs r WHERE r.status = 'PROCESSING'"
         " AND r.account_id = w.account_id) AS held,"
         " (SELECT COUNT(*) FROM jobs r WHERE r.status = 'PROCESSING'"
         " AND r.account_id = w.account_id AND r.lease_owner = $1) AS mine,"
         " (SELECT t.last_at FROM account_turns t WHERE t.account_id = w.account_id) AS last_at"
         " FROM waiting w WHERE w.account_id IS NOT NULL)"
         " SELECT j.account_id FROM heads JOIN jobs j ON j.id = heads.id"
         " WHERE heads.mine < $3 AND heads.held < $4"
         " ORDER BY heads.held, j.turn_at + CASE WHEN heads.last_at > j.created_at"
         " THEN heads.last_at - j.created_at ELSE 0 END, j.turn_at, j.id LIMIT $5";
}

std::string claim_where(const std::string& which) {
  return "UPDATE jobs SET status = 'PROCESSING', lease_owner = $2, lease_until = $3,"
         " attempt = attempt + 1, started_at = COALESCE(started_at, $4), updated_at = $4,"
         " progress = 0, phase = 'starting'"
         " WHERE " +
         which + " AND status = 'PENDING' AND available_at <= $4 RETURNING " +
         std::string(store::kJobColumns);
}

// The first that no other taker is about to take.
std::string claim_first_of_account(const store::Database& database) {
  return claim_where("id = (SELECT h.id FROM jobs h" + std::string(in_order_of_turns(database)) +
                     " WHERE h.status = 'PENDING' AND h.account_id = $1 AND h.available_at <= $4 "
                     "ORDER BY h.turn_at, h.id LIMIT 1" +
                     std::string(store::for_update_of_free(database)) + ")");
}

constexpr std::string_view kServed =
    "INSERT INTO account_turns (account_id, last_at) VALUES ($1, $2)"
    " ON CONFLICT (account_id) DO UPDATE SET last_at = excluded.last_at";

constexpr std::string_view kHeld =
    "SELECT COUNT(*) FROM jobs WHERE status = 'PROCESSING' AND account_id = $1";

constexpr std::string_view kWaitingColumns =
    "id, account_id, created_at, turn_at, available_at, updated_at, attempt";

Waiting waiting_from_row(const Row& row) {
  return {row.text(0),    row.text(1),    row.integer(2), row.integer(3),
          row.integer(4), row.integer(5), row.integer(6)};
}

std::string str(std::string_view text) { return std::string(text); }

constexpr auto kNoLimit = std::numeric_limits<std::int64_t>::max();

std::int64_t limit_of(std::size_t most) {
  return most == 0 ? kNoLimit : static_cast<std::int64_t>(most);
}

}  // namespace

Claims::Claims(store::Database& database, Options options)
    : database_(database),
      most_of_account_(static_cast<std::int64_t>(options.most_of_account)),
      most_everywhere_(limit_of(options.most_of_account_everywhere)),
      choose_(choose_accounts(database)),
      claim_first_of_account_(claim_first_of_account(database)) {}

Result<std::vector<std::string>> Claims::choose(std::string_view owner, UnixMs now,
                                                const std::vector<std::string>& full_accounts) {
  CAD_ASSIGN(const auto rows,
             database_.read(choose_, {str(owner), now, most_of_account_, most_everywhere_,
                                      static_cast<std::int64_t>(kAccounts)}));
  std::vector<std::string> accounts;
  for (const Row& row : rows.rows)
    if (std::find(full_accounts.begin(), full_accounts.end(), row.text(0)) == full_accounts.end())
      accounts.push_back(row.text(0));
  return accounts;
}

Result<std::optional<Taken>> Claims::take(std::string_view owner, UnixMs now,
                                          std::chrono::milliseconds lease,
                                          const std::vector<std::string>& full_accounts) {
  for (int i = 0; i < kTries; ++i) {
    CAD_ASSIGN(const auto accounts, choose(owner, now, full_accounts));
    if (accounts.empty()) break;
    for (const std::string& account : accounts) {
      CAD_ASSIGN(auto taken,
                 claim_by(claim_first_of_account_, account, owner, now, lease, most_everywhere_));
      if (taken) return taken;
    }
  }
  return std::optional<Taken>();
}

// Redis has counted what the account holds.
Result<std::optional<Taken>> Claims::claim(std::string_view id, std::string_view owner, UnixMs now,
                                           std::chrono::milliseconds lease) {
  static const std::string sql = claim_where("id = $1");
  return claim_by(sql, id, owner, now, lease, kNoLimit);
}

Result<std::optional<Taken>> Claims::claim_by(const std::string& sql, std::string_view what,
                                              std::string_view owner, UnixMs now,
                                              std::chrono::milliseconds lease, std::int64_t most) {
  std::optional<Taken> taken;
  bool too_many = false;
  const auto done = database_.transaction_for_now([&](store::Session& session) -> Result<void> {
    taken.reset();
    too_many = false;
    CAD_ASSIGN(const auto rows,
               session.run(sql, {str(what), str(owner), now + lease.count(), now}));
    if (rows.rows.empty()) return {};
    CAD_ASSIGN(store::Job job, store::job_from_row(rows.rows.front()));
    // From here on other claims of the account wait: what is counted stays true.
    CAD_TRY(session.run(kServed, {job.account_id, now}));
    if (most != kNoLimit) {
      CAD_ASSIGN(const auto held, session.run(kHeld, {job.account_id}));
      too_many = held.rows.at(0).integer(0) > most;
      if (too_many) return fail(ErrorCode::conflict, "The account holds what it may.");
    }
    // A job that is taken again has been announced already.
    bool told = true;
    if (job.attempt == 1) {
      CAD_ASSIGN(told, store::record_event(session, job, store::EventName::processing, now));
    }
    Lease mine{str(owner), job.attempt};
    const bool has_receivers = told || job.notify_email;
    taken = Taken{std::move(job), std::move(mine), has_receivers};
    return {};
  });
  if (too_many) return std::optional<Taken>();
  CAD_TRY(done);
  return taken;
}

Result<bool> Claims::renew(std::string_view id, const Lease& lease, UnixMs now,
                           std::chrono::milliseconds length, int progress, std::string_view phase) {
  CAD_ASSIGN(const auto rows,
             database_.write("UPDATE jobs SET lease_until = $4, updated_at = $5, progress = $6,"
                             " phase = $7 WHERE id = $1 AND lease_owner = $2 AND attempt = $3"
                             " AND status = 'PROCESSING'",
                             {str(id), lease.owner, lease.attempt, now + length.count(), now,
                              std::int64_t{progress}, str(phase)}));
  return rows.changed == 1;
}

Result<std::optional<Waiting>> Claims::give_back(std::string_view id, const Lease& lease,
                                                 UnixMs now, UnixMs available_at, bool failed) {
  static const std::string sql =
      "UPDATE jobs SET status = 'PENDING', lease_owner = NULL, lease_until = NULL,"
      " updated_at = $4, available_at = $5, failures = failures + $6, excused = excused + $7,"
      " progress = 0, phase = 'queued' WHERE id = $1 AND lease_owner = $2 AND attempt = $3"
      " AND status = 'PROCESSING' RETURNING " +
      str(kWaitingColumns);
  CAD_ASSIGN(const auto rows,
             database_.write(sql, {str(id), lease.owner, lease.attempt, now, available_at,
                                   std::int64_t{failed}, std::int64_t{!failed}}));
  if (rows.rows.empty()) return std::optional<Waiting>();
  return std::optional(waiting_from_row(rows.rows.front()));
}

Result<std::vector<Waiting>> Claims::reclaim(UnixMs now, UnixMs until) {
  static const std::string sql =
      "UPDATE jobs SET status = 'PENDING', lease_owner = NULL, lease_until = NULL,"
      " updated_at = $1, available_at = $1, progress = 0, phase = 'queued'"
      " WHERE status = 'PROCESSING' AND lease_until <= $2 RETURNING " +
      str(kWaitingColumns);
  CAD_ASSIGN(const auto rows, database_.write(sql, {now, until}));
  std::vector<Waiting> out;
  for (const Row& row : rows.rows) out.push_back(waiting_from_row(row));
  return out;
}

Result<std::vector<Waiting>> Claims::page_after(const Place& place, std::int64_t limit) {
  static const std::string sql = "SELECT " + str(kWaitingColumns) +
                                 " FROM jobs WHERE status = 'PENDING'"
                                 " AND (account_id, turn_at, id) > ($1, $2, $3)"
                                 " ORDER BY account_id, turn_at, id LIMIT $4";
  CAD_ASSIGN(const auto rows,
             database_.read(sql, {place.account_id, place.turn_at, place.id, limit}));
  std::vector<Waiting> out;
  for (const Row& row : rows.rows) out.push_back(waiting_from_row(row));
  return out;
}

Result<std::optional<Standing>> Claims::find(std::string_view id) {
  static const std::string sql =
      "SELECT " + str(kWaitingColumns) + ", status, lease_until FROM jobs WHERE id = $1";
  CAD_ASSIGN(const auto rows, database_.read(sql, {str(id)}));
  if (rows.rows.empty()) return std::optional<Standing>();
  const Row& row = rows.rows.front();
  const auto status = store::parse_job_status(row.text(7));
  if (!status) return fail(ErrorCode::integrity, "The database holds a job in no known state.");
  return std::optional(Standing{waiting_from_row(row), *status, row.integer(8)});
}

}  // namespace cad::queue
