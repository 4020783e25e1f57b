// SPDX-License-Identifier: Apache-2.0
#include "store/lock.hpp"
#include "store/repositories.hpp"

namespace cad::store {

namespace {

constexpr std::string_view kInsertAccount =
    "INSERT INTO accounts (id, name, created_at) VALUES ($1,$2,$3)";
const std::string kInsertKey =
    "INSERT INTO api_keys (id, account_id, name, label, prefix, hash, scopes, allowed_networks,"
    " family, generation, created_at, expires_at, revoked_at, last_used_at, result_schema)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)";
const std::string kSelect =
    "SELECT k.id, k.account_id, k.name, k.label, k.prefix, k.hash, k.scopes, k.allowed_networks,"
    " k.family, k.generation, k.created_at, k.expires_at, k.revoked_at, k.last_used_at, k.kind,"
    " a.plan, a.suspended_at, k.result_schema FROM api_keys AS k JOIN accounts AS a ON a.id = "
    "k.account_id ";

Values key_values(const ApiKey& key) {
  return {key.id,
          key.account_id,
          key.name,
          key.label,
          key.prefix,
          key.hash,
          key.scopes,
          key.allowed_networks,
          key.family.empty() ? key.id : key.family,
          key.generation,
          key.created_at,
          nullable(key.expires_at),
          nullable(key.revoked_at),
          nullable(key.last_used_at),
          key.result_schema};
}

ApiKey key_from_row(const Row& row) {
  return {.id = row.text(0),
          .account_id = row.text(1),
          .name = row.text(2),
          .label = row.text(3),
          .prefix = row.text(4),
          .hash = row.text(5),
          .scopes = row.text(6),
          .allowed_networks = row.text(7),
          .family = row.text(8),
          .generation = row.integer(9),
          .result_schema = row.text(17),
          .created_at = row.integer(10),
          .expires_at = row.maybe_integer(11),
          .revoked_at = row.maybe_integer(12),
          .last_used_at = row.maybe_integer(13),
          .is_dashboard = row.text(14) == "dashboard",
          .account = {row.maybe_text(15), row.maybe_integer(16)}};
}

Result<ApiKey> only_key(Result<Rows> rows) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  if (rows->rows.empty()) return fail(ErrorCode::not_found, "There is no such API key.");
  return key_from_row(rows->rows.front());
}

// Of the keys that one account makes at the same time each sees the ones before.
Result<bool> has_room(Session& session, std::string_view locking, const ApiKey& key,
                      std::int64_t most) {
  CAD_TRY(session.run("SELECT id FROM accounts WHERE id = $1" + std::string(locking),
                      {key.account_id}));
  CAD_ASSIGN(const Rows count,
             session.run("SELECT COUNT(*) FROM api_keys WHERE account_id = $1 AND kind = 'api'"
                         " AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
                         {key.account_id, key.created_at}));
  return count.rows.at(0).integer(0) < most;
}

}  // namespace

Result<void> KeyRepository::insert_account(std::string_view id, std::string_view name, UnixMs now) {
  CAD_TRY(database_.write(kInsertAccount, {std::string(id), std::string(name), now}));
  return {};
}

Result<bool> KeyRepository::insert_first(const ApiKey& key) {
  bool first = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(lock(session, "first_account"));
    CAD_ASSIGN(const Rows any, session.run("SELECT id FROM accounts LIMIT 1", {}));
    first = any.rows.empty();
    if (!first) return {};
    CAD_TRY(session.run(kInsertAccount, {key.account_id, key.name, key.created_at}));
    CAD_TRY(session.run(kInsertKey, key_values(key)));
    return {};
  });
  CAD_TRY(done);
  return first;
}

Result<bool> KeyRepository::any_account() {
  CAD_ASSIGN(const Rows rows, database_.read("SELECT id FROM accounts LIMIT 1", {}));
  return !rows.rows.empty();
}

Result<std::optional<std::string>> KeyRepository::find_account(std::string_view name) {
  CAD_ASSIGN(
      const Rows rows,
      database_.read("SELECT id FROM accounts WHERE name = $1 ORDER BY created_at, id LIMIT 1",
                     {std::string(name)}));
  if (rows.rows.empty()) return std::optional<std::string>();
  return std::optional(rows.rows.front().text(0));
}

Result<bool> KeyRepository::has_account(std::string_view id) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT id FROM accounts WHERE id = $1", {std::string(id)}));
  return !rows.rows.empty();
}

Result<void> KeyRepository::insert(const ApiKey& key) {
  CAD_TRY(database_.write(kInsertKey, key_values(key)));
  return {};
}

Result<ApiKey> KeyRepository::find_by_hash(std::string_view hash) {
  static const std::string sql = kSelect + "WHERE k.hash = $1";
  return only_key(database_.read(sql, {std::string(hash)}));
}

Result<ApiKey> KeyRepository::find(std::string_view id) {
  static const std::string sql = kSelect + "WHERE k.id = $1";
  return only_key(database_.read(sql, {std::string(id)}));
}

Result<std::vector<ApiKey>> KeyRepository::list(const std::optional<std::string>& account_id) {
  const std::string sql = kSelect + "WHERE k.kind = 'api'" +
                          (account_id ? " AND k.account_id = $1" : "") +
                          " ORDER BY k.created_at DESC, k.id DESC";
  CAD_ASSIGN(const Rows rows, database_.read(sql, account_id ? Values{*account_id} : Values{}));
  std::vector<ApiKey> keys;
  for (const Row& row : rows.rows) keys.push_back(key_from_row(row));
  return keys;
}

Result<bool> KeyRepository::insert_within(const ApiKey& key, std::int64_t most) {
  bool room = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(room, has_room(session, for_update(database_), key, most));
    if (room) CAD_TRY(session.run(kInsertKey, key_values(key)));
    return {};
  });
  CAD_TRY(done);
  return room;
}

Result<bool> KeyRepository::replace(const ApiKey& old, const ApiKey& replacement,
                                    std::optional<UnixMs> old_until,
                                    std::optional<std::int64_t> most) {
  bool room = true;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    if (most) {
      CAD_ASSIGN(room, has_room(session, for_update(database_), replacement, *most));
    }
    if (!room) return {};
    CAD_TRY(session.run(kInsertKey, key_values(replacement)));
    if (!old_until) return {};
    CAD_TRY(
        session.run("UPDATE api_keys SET expires_at = $2"
                    " WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)",
                    {old.id, *old_until}));
    return {};
  });
  CAD_TRY(done);
  return room;
}

Result<void> KeyRepository::touch(std::string_view id, UnixMs now) {
  CAD_TRY(database_.write("UPDATE api_keys SET last_used_at = $2 WHERE id = $1",
                          {std::string(id), now}));
  return {};
}

Result<bool> KeyRepository::revoke(std::string_view id, UnixMs now) {
  CAD_ASSIGN(const Rows rows, database_.write("UPDATE api_keys SET revoked_at = $2"
                                              " WHERE id = $1 AND revoked_at IS NULL",
                                              {std::string(id), now}));
  return rows.changed == 1;
}

}  // namespace cad::store
