// SPDX-License-Identifier: Apache-2.0
#include "store/usage.hpp"

#include <limits>

namespace cad::store {
namespace {

std::string str(std::string_view text) { return std::string(text); }

Values values_of(const UsageRange& range) {
  Values values{range.account_id, range.from, range.to};
  if (range.key_id) values.emplace_back(*range.key_id);
  return values;
}

std::string where(const UsageRange& range) {
  return " WHERE u.account_id = $1 AND u.day >= $2 AND u.day <= $3" +
         str(range.key_id ? " AND u.key_id = $4" : "");
}

}  // namespace

Result<bool> count_request(Session& session, const Job& job,
                           const std::optional<std::int64_t>& limit) {
  if (limit && *limit <= 0) return false;
  CAD_ASSIGN(const Rows counted,
             session.run("INSERT INTO quota_months (account_id, month, used) VALUES ($1, $2, 1)"
                         " ON CONFLICT (account_id, month) DO UPDATE"
                         " SET used = quota_months.used + 1 WHERE quota_months.used < $3"
                         " RETURNING used",
                         {job.account_id, month_of(job.created_at),
                          limit.value_or(std::numeric_limits<std::int64_t>::max())}));
  if (counted.rows.empty()) return false;
  CAD_TRY(
      session.run("INSERT INTO usage (account_id, day, key_id, format, requests)"
                  " VALUES ($1, $2, $3, $4, 1) ON CONFLICT (account_id, day, key_id, format)"
                  " DO UPDATE SET requests = usage.requests + 1",
                  {job.account_id, day_of(job.created_at), job.key_id, job.format}));
  return true;
}

Result<void> uncount_request(Session& session, const Job& job) {
  CAD_TRY(
      session.run("UPDATE quota_months SET used = used - 1"
                  " WHERE account_id = $1 AND month = $2 AND used > 0",
                  {job.account_id, month_of(job.created_at)}));
  CAD_TRY(
      session.run("UPDATE usage SET requests = requests - 1 WHERE account_id = $1 AND day = $2"
                  " AND key_id = $3 AND format = $4 AND requests > 0",
                  {job.account_id, day_of(job.created_at), job.key_id, job.format}));
  return {};
}

Result<void> count_end(Session& session, const Job& job, JobStatus end) {
  const std::string column = end == JobStatus::completed ? "completed" : "failed";
  CAD_TRY(session.run("UPDATE usage SET " + column + " = " + column +
                          " + 1 WHERE account_id = $1 AND day = $2 AND key_id = $3 AND format = $4",
                      {job.account_id, day_of(job.created_at), job.key_id, job.format}));
  return {};
}

Result<std::int64_t> UsageRepository::used(std::string_view account_id, Month month) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT used FROM quota_months WHERE account_id = $1 AND month = $2",
                            {str(account_id), month}));
  return rows.rows.empty() ? 0 : rows.rows.front().integer(0);
}

Result<std::vector<KeyUsage>> UsageRepository::by_key(const UsageRange& range) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT u.key_id, COALESCE(k.name, ''), COALESCE(k.label, ''),"
                            " COALESCE(k.prefix, ''), u.format, CAST(SUM(u.requests) AS BIGINT)"
                            " FROM usage u LEFT JOIN api_keys k ON k.id = u.key_id" +
                                where(range) +
                                " GROUP BY u.key_id, k.name, k.label, k.prefix, u.format"
                                " HAVING SUM(u.requests) > 0 ORDER BY u.key_id, u.format",
                            values_of(range)));
  std::vector<KeyUsage> out;
  for (const Row& row : rows.rows) {
    if (out.empty() || out.back().key_id != row.text(0))
      out.push_back({row.text(0), row.text(1), row.text(2), row.text(3), {}});
    out.back().formats[row.text(4)] = row.integer(5);
  }
  return out;
}

Result<std::vector<DayUsage>> UsageRepository::by_day(const UsageRange& range) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT u.day, u.format, CAST(SUM(u.requests) AS BIGINT),"
                            " CAST(SUM(u.completed) AS BIGINT), CAST(SUM(u.failed) AS BIGINT)"
                            " FROM usage u" +
                                where(range) +
                                " GROUP BY u.day, u.format HAVING SUM(u.requests) > 0"
                                " ORDER BY u.day, u.format",
                            values_of(range)));
  std::vector<DayUsage> out;
  for (const Row& row : rows.rows) {
    if (out.empty() || out.back().day != row.integer(0)) out.push_back({.day = row.integer(0)});
    DayUsage& day = out.back();
    day.formats[row.text(1)] = row.integer(2);
    day.completed += row.integer(3);
    day.failed += row.integer(4);
  }
  return out;
}

Result<std::vector<std::int64_t>> UsageRepository::latencies(const UsageRange& range,
                                                             std::int64_t most) {
  Values values{range.account_id, start_of(range.from), start_of(range.to + 1), most};
  std::string sql =
      "SELECT completed_at - created_at FROM (SELECT status, created_at, completed_at FROM jobs"
      " WHERE account_id = $1 AND created_at >= $2 AND created_at < $3";
  if (range.key_id) {
    values.emplace_back(*range.key_id);
    sql += " AND key_id = $5";
  }
  sql += " ORDER BY created_at DESC, id DESC LIMIT $4) AS one WHERE status = 'COMPLETED'";
  CAD_ASSIGN(const Rows rows, database_.read(sql, values));
  std::vector<std::int64_t> out;
  for (const Row& row : rows.rows) out.push_back(row.integer(0));
  return out;
}

Result<std::vector<KeyDay>> UsageRepository::busy_keys(Day day, std::int64_t least) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT u.account_id, u.key_id, k.name, k.created_at,"
                            " CAST(SUM(u.requests) AS BIGINT) FROM usage u"
                            " JOIN api_keys k ON k.id = u.key_id WHERE u.day = $1 AND NOT EXISTS"
                            " (SELECT 1 FROM usage_spikes s WHERE s.account_id = u.account_id"
                            " AND s.day = u.day AND s.key_id = u.key_id)"
                            " GROUP BY u.account_id, u.key_id, k.name, k.created_at"
                            " HAVING SUM(u.requests) >= $2 ORDER BY u.key_id",
                            {day, least}));
  std::vector<KeyDay> out;
  for (const Row& row : rows.rows)
    out.push_back({row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)});
  return out;
}

Result<std::vector<std::int64_t>> UsageRepository::history(std::string_view account_id,
                                                           std::string_view key_id, Day from,
                                                           Day to) {
  if (to < from) return std::vector<std::int64_t>();
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT day, CAST(SUM(requests) AS BIGINT) FROM usage"
                            " WHERE account_id = $1 AND key_id = $2 AND day >= $3 AND day <= $4"
                            " GROUP BY day",
                            {str(account_id), str(key_id), from, to}));
  std::vector<std::int64_t> out(static_cast<std::size_t>(to - from + 1));
  for (const Row& row : rows.rows)
    out[static_cast<std::size_t>(row.integer(0) - from)] = row.integer(1);
  return out;
}

Result<bool> UsageRepository::flag(const UsageSpike& spike, UnixMs now) {
  CAD_ASSIGN(const Rows rows,
             database_.write(
                 "INSERT INTO usage_spikes (account_id, key_id, day, requests, usual, at)"
                 " VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT (account_id, day, key_id) DO NOTHING",
                 {spike.account_id, spike.key_id, spike.day, spike.requests, spike.usual, now}));
  return rows.changed == 1;
}

Result<std::vector<UsageSpike>> UsageRepository::spikes(const UsageRange& range) {
  CAD_ASSIGN(const Rows rows,
             database_.read(
                 "SELECT u.account_id, u.key_id, u.day, u.requests, u.usual FROM usage_spikes u" +
                     where(range) + " ORDER BY u.day DESC, u.key_id",
                 values_of(range)));
  std::vector<UsageSpike> out;
  for (const Row& row : rows.rows)
    out.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4)});
  return out;
}

Result<std::int64_t> UsageRepository::remove_before(Day day, Month month) {
  CAD_ASSIGN(const Rows days, database_.write("DELETE FROM usage WHERE day < $1", {day}));
  CAD_ASSIGN(const Rows months,
             database_.write("DELETE FROM quota_months WHERE month < $1", {month}));
  CAD_ASSIGN(const Rows flags, database_.write("DELETE FROM usage_spikes WHERE day < $1", {day}));
  return days.changed + months.changed + flags.changed;
}

}  // namespace cad::store
