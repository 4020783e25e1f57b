// SPDX-License-Identifier: Apache-2.0
// The jobs as a whole: what has to go, and what there is.
#include "store/job_columns.hpp"
#include "store/repositories.hpp"

namespace cad::store {
namespace {

Result<std::vector<std::string>> ids_of(Result<Rows> rows) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  std::vector<std::string> ids;
  for (const Row& row : rows->rows) ids.push_back(row.text(0));
  return ids;
}

}  // namespace

Result<std::vector<std::string>> JobRepository::with_upload_from_before(UnixMs time,
                                                                        std::int64_t limit) {
  return ids_of(database_.read(
      "SELECT id FROM jobs WHERE upload_gone = 0 AND created_at <= $1 LIMIT $2", {time, limit}));
}

Result<std::vector<std::string>> JobRepository::ids_after(std::string_view id, std::int64_t limit) {
  return ids_of(database_.read("SELECT id FROM jobs WHERE id > $1 ORDER BY id LIMIT $2",
                               {std::string(id), limit}));
}

Result<std::vector<std::string>> JobRepository::of_account(std::string_view account_id,
                                                           std::int64_t limit) {
  return ids_of(database_.read("SELECT id FROM jobs WHERE account_id = $1 LIMIT $2",
                               {std::string(account_id), limit}));
}

Result<std::vector<Job>> JobRepository::dead(std::int64_t limit) {
  static const std::string sql = "SELECT " + std::string(kJobColumns) +
                                 " FROM jobs WHERE dead_at IS NOT NULL"
                                 " ORDER BY dead_at DESC, id DESC LIMIT $1";
  CAD_ASSIGN(const Rows rows, database_.read(sql, {limit}));
  std::vector<Job> jobs;
  for (const Row& row : rows.rows) {
    CAD_ASSIGN(Job job, job_from_row(row));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

Result<void> KeyRepository::revoke_all(std::string_view account_id, UnixMs now) {
  CAD_TRY(
      database_.write("UPDATE api_keys SET revoked_at = $2"
                      " WHERE account_id = $1 AND revoked_at IS NULL",
                      {std::string(account_id), now}));
  return {};
}

Result<bool> KeyRepository::remove_account(std::string_view account_id) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM accounts WHERE id = $1", {std::string(account_id)}));
  return rows.changed == 1;
}

}  // namespace cad::store
