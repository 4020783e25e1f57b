// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "store/job_columns.hpp"
#include "store/outbox.hpp"
#include "store/repositories.hpp"
#include "store/usage.hpp"

namespace cad::store {
namespace {

const std::string kInsert =
    "INSERT INTO jobs (" + std::string(kJobColumns) +
    ", available_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,"
    "$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31)";

const std::string kSelect = "SELECT " + std::string(kJobColumns) + " FROM jobs ";

Result<Job> only_job(Result<Rows> rows) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  if (rows->rows.empty()) return fail(ErrorCode::not_found, "There is no such job.");
  return job_from_row(rows->rows.front());
}

std::string str(std::string_view text) { return std::string(text); }

// In one statement, or a few: each number of rows is a statement of its own, of which a connection
// keeps some prepared.
Result<void> insert_parts(Session& session, std::string_view id, std::span<const Part> parts) {
  constexpr std::size_t kMostRows = 32;
  while (!parts.empty()) {
    const auto some = parts.first(std::min(parts.size(), kMostRows));
    std::string sql = "INSERT INTO parts (job_id, kind, number, size) VALUES ";
    Values values{str(id)};
    for (const Part& part : some) {
      const std::size_t at = values.size();
      sql += (at == 1 ? "($1,$" : ",($1,$") + std::to_string(at + 1) + ",$" +
             std::to_string(at + 2) + ",$" + std::to_string(at + 3) + ")";
      values.insert(values.end(), {part.kind, part.number, part.size});
    }
    CAD_TRY(session.run(sql, values));
    parts = parts.subspan(some.size());
  }
  return {};
}

}  // namespace

Result<bool> JobRepository::insert(const Job& job, const std::optional<IdempotencyRecord>& record,
                                   const std::optional<std::int64_t>& limit) {
  Values values = job_values(job);
  values.emplace_back(job.created_at);
  bool admitted = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(admitted, count_request(session, job, limit));
    if (!admitted) return {};
    CAD_TRY(session.run(kInsert, values));
    if (!record) return {};
    CAD_TRY(session.run(
        "INSERT INTO idempotency (key_id, token, fingerprint, job_id, created_at)"
        " VALUES ($1,$2,$3,$4,$5)",
        {record->key_id, record->token, record->fingerprint, record->job_id, record->created_at}));
    return {};
  });
  CAD_TRY(done);
  return admitted;
}

Result<Job> JobRepository::find(std::string_view id) {
  static const std::string sql = kSelect + "WHERE id = $1";
  return only_job(database_.read(sql, {str(id)}));
}

Result<Job> JobRepository::find_seen(std::string_view id, const Viewer& viewer) {
  static const std::string of_key =
      kSelect + "WHERE id = $2 AND key_id IN (" + str(kSeenByKey) + ")";
  static const std::string of_account = kSelect + "WHERE id = $2 AND account_id = $1";
  return viewer.whole_account ? only_job(database_.read(of_account, {viewer.account_id, str(id)}))
                              : only_job(database_.read(of_key, {viewer.key_id, str(id)}));
}

Result<std::vector<Part>> JobRepository::parts(std::string_view id) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT kind, number, size FROM parts WHERE job_id = $1"
                            " ORDER BY kind, number",
                            {str(id)}));
  std::vector<Part> parts;
  for (const Row& row : rows.rows) parts.push_back({row.text(0), row.integer(1), row.integer(2)});
  return parts;
}

Result<bool> JobRepository::complete(std::string_view id, std::string_view owner,
                                     std::int64_t attempt, const std::vector<Part>& parts,
                                     UnixMs now, bool has_thumbnail) {
  static const std::string sql =
      "UPDATE jobs SET status = 'COMPLETED', completed_at = $4, updated_at = $4,"
      " result_attempt = $3, has_thumbnail = $5, progress = 100, phase = 'done',"
      " lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2 AND attempt = $3"
      " AND status = 'PROCESSING' RETURNING " +
      str(kJobColumns);
  bool mine = false;
  const auto completed = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows updated,
               session.run(sql, {str(id), str(owner), attempt, now, std::int64_t{has_thumbnail}}));
    mine = !updated.rows.empty();
    if (!mine) return {};
    CAD_ASSIGN(const Job job, job_from_row(updated.rows.front()));
    CAD_TRY(record_event(session, job, EventName::completed, now));
    CAD_TRY(insert_parts(session, id, parts));
    // Last: all jobs of a key and a day wait for each other at this row.
    return count_end(session, job, JobStatus::completed);
  });
  if (!completed) return tl::unexpected(completed.error());
  return mine;
}

Result<bool> JobRepository::fail_job(std::string_view id, std::string_view owner,
                                     std::int64_t attempt, std::string_view error_code,
                                     std::string_view error_msg, UnixMs now, bool uncount,
                                     bool dead) {
  static const std::string sql =
      "UPDATE jobs SET status = 'FAILED', completed_at = $4, updated_at = $4, error_code = $5,"
      " error_msg = $6, phase = 'failed', lease_owner = NULL, lease_until = NULL, dead_at = $7"
      " WHERE id = $1 AND lease_owner = $2 AND attempt = $3 AND status = 'PROCESSING' RETURNING " +
      str(kJobColumns);
  bool mine = false;
  const auto failed = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows updated,
               session.run(sql, {str(id), str(owner), attempt, now, str(error_code), str(error_msg),
                                 dead ? Value(now) : Value()}));
    mine = !updated.rows.empty();
    if (!mine) return {};
    CAD_ASSIGN(const Job job, job_from_row(updated.rows.front()));
    if (uncount) CAD_TRY(uncount_request(session, job));
    CAD_TRY(record_event(session, job, EventName::failed, now));
    return uncount ? Result<void>() : count_end(session, job, JobStatus::failed);
  });
  if (!failed) return tl::unexpected(failed.error());
  return mine;
}

Result<bool> JobRepository::remove(std::string_view id) {
  CAD_ASSIGN(const Rows removed, database_.write("DELETE FROM jobs WHERE id = $1", {str(id)}));
  return removed.changed == 1;
}

Result<void> JobRepository::mark_watched(std::string_view id) {
  CAD_TRY(database_.write("UPDATE jobs SET watched = 1 WHERE id = $1 AND watched = 0", {str(id)}));
  return {};
}

Result<void> JobRepository::mark_upload_gone(std::string_view id, UnixMs now) {
  CAD_TRY(
      database_.write("UPDATE jobs SET upload_gone = 1, updated_at = $2"
                      " WHERE id = $1 AND upload_gone = 0",
                      {str(id), now}));
  return {};
}

Result<std::vector<Job>> JobRepository::expired(UnixMs now, std::int64_t limit) {
  static const std::string sql = kSelect + "WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
  CAD_ASSIGN(const Rows rows, database_.read(sql, {now, limit}));
  std::vector<Job> jobs;
  for (const Row& row : rows.rows) {
    CAD_ASSIGN(Job job, job_from_row(row));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace cad::store
