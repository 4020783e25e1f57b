// SPDX-License-Identifier: Apache-2.0
#include "store/repositories.hpp"

namespace cad::store {

Result<IdempotencyRecord> IdempotencyRepository::find(std::string_view key_id,
                                                      std::string_view token) {
  CAD_ASSIGN(const Rows rows, database_.read("SELECT key_id, token, fingerprint, job_id, created_at"
                                             " FROM idempotency WHERE key_id = $1 AND token = $2",
                                             {std::string(key_id), std::string(token)}));
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "The Idempotency-Key is not in use.");
  const Row& row = rows.rows.front();
  return IdempotencyRecord{row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4)};
}

Result<std::int64_t> IdempotencyRepository::remove_older_than(UnixMs time) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM idempotency WHERE created_at < $1", {time}));
  return rows.changed;
}

Result<void> IdempotencyRepository::remove(const IdempotencyRecord& record) {
  CAD_TRY(
      database_.write("DELETE FROM idempotency WHERE key_id = $1 AND token = $2 AND job_id = $3",
                      {record.key_id, record.token, record.job_id}));
  return {};
}

}  // namespace cad::store
