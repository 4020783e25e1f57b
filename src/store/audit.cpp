// SPDX-License-Identifier: Apache-2.0
#include "store/audit.hpp"

#include "store/lock.hpp"

namespace cad::store {
namespace {

const std::string kSelect =
    "SELECT seq, at, account_id, actor, event, address, detail, key_id, previous, hash FROM audit ";

constexpr std::string_view kInsert =
    "INSERT INTO audit (seq, at, account_id, actor, event, address, detail, key_id, previous, hash)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";

Values values_of(const AuditRow& row) {
  return {row.seq,     row.at,     row.account_id, row.actor,    row.event,
          row.address, row.detail, row.key_id,     row.previous, row.hash};
}

Result<std::vector<AuditRow>> rows_of(Result<Rows> found) {
  if (!found) return tl::unexpected(std::move(found.error()));
  std::vector<AuditRow> out;
  for (const Row& row : found->rows)
    out.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4),
                   row.text(5), row.text(6), row.text(7), row.text(8), row.text(9)});
  return out;
}

}  // namespace

Result<std::optional<AuditRow>> AuditRepository::last() {
  CAD_ASSIGN(auto rows, rows_of(database_.read(kSelect + "ORDER BY seq DESC LIMIT 1", {})));
  if (rows.empty()) return std::optional<AuditRow>();
  return std::optional(std::move(rows.front()));
}

Result<void> AuditRepository::append_after(const Make& make) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(lock(session, "audit"));
    CAD_ASSIGN(const auto last, rows_of(session.run(kSelect + "ORDER BY seq DESC LIMIT 1", {})));
    const AuditRow row = make(last.empty() ? std::nullopt : std::optional(last.front()));
    CAD_TRY(session.run(kInsert, values_of(row)));
    return {};
  });
}

Result<void> AuditRepository::append(const AuditRow& row) {
  CAD_TRY(database_.write(kInsert, values_of(row)));
  return {};
}

Result<std::vector<AuditRow>> AuditRepository::after(std::int64_t seq, std::int64_t limit) {
  return rows_of(database_.read(kSelect + "WHERE seq > $1 ORDER BY seq LIMIT $2", {seq, limit}));
}

Result<std::vector<AuditRow>> AuditRepository::newest(const std::optional<std::string>& account_id,
                                                      std::int64_t limit) {
  if (!account_id) return rows_of(database_.read(kSelect + "ORDER BY seq DESC LIMIT $1", {limit}));
  return rows_of(database_.read(kSelect + "WHERE account_id = $2 ORDER BY seq DESC LIMIT $1",
                                {limit, *account_id}));
}

}  // namespace cad::store
