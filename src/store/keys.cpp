// SPDX-License-Identifier: Apache-2.0
#include "store/repositories.hpp"

namespace cad::store {

namespace {

constexpr std::string_view kInsertAccount =
    "INSERT INTO accounts (id, name, created_at) VALUES ($1,$2,$3)";
constexpr std::string_view kInsertKey =
    "INSERT INTO api_keys (id, account_id, name, prefix, hash, scopes, created_at, expires_at,"
    " revoked_at, last_used_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";

Values key_values(const ApiKey& key) {
  return {key.id,
          key.account_id,
          key.name,
          key.prefix,
          key.hash,
          key.scopes,
          key.created_at,
          nullable(key.expires_at),
          nullable(key.revoked_at),
          nullable(key.last_used_at)};
}

}  // namespace

Result<void> KeyRepository::insert_account(std::string_view id, std::string_view name, UnixMs now) {
  CAD_TRY(database_.write(kInsertAccount, {std::string(id), std::string(name), now}));
  return {};
}

Result<void> KeyRepository::insert_with_account(const ApiKey& key) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(session.run(kInsertAccount, {key.account_id, key.name, key.created_at}));
    CAD_TRY(session.run(kInsertKey, key_values(key)));
    return {};
  });
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

Result<void> KeyRepository::insert(const ApiKey& key) {
  CAD_TRY(database_.write(kInsertKey, key_values(key)));
  return {};
}

Result<ApiKey> KeyRepository::find_by_hash(std::string_view hash) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT id, account_id, name, prefix, hash, scopes, created_at,"
                            " expires_at, revoked_at, last_used_at FROM api_keys WHERE hash = $1",
                            {std::string(hash)}));
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "There is no such API key.");
  const Row& row = rows.rows.front();
  return ApiKey{.id = row.text(0),
                .account_id = row.text(1),
                .name = row.text(2),
                .prefix = row.text(3),
                .hash = row.text(4),
                .scopes = row.text(5),
                .created_at = row.integer(6),
                .expires_at = row.maybe_integer(7),
                .revoked_at = row.maybe_integer(8),
                .last_used_at = row.maybe_integer(9)};
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
