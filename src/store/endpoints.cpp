// SPDX-License-Identifier: Apache-2.0
#include "store/endpoints.hpp"

namespace cad::store {
namespace {

std::string str(std::string_view text) { return std::string(text); }

const std::string kSelect =
    "SELECT id, account_id, url, secret, old_secret, old_secret_until, is_active, is_default,"
    " created_at, disabled_at, disabled_reason FROM webhook_endpoints ";

Endpoint endpoint_from_row(const Row& row) {
  return {row.text(0),         row.text(1),
          row.text(2),         {row.text(3), row.maybe_text(4), row.maybe_integer(5)},
          row.integer(6) != 0, row.integer(7) != 0,
          row.integer(8),      row.maybe_integer(9),
          row.maybe_text(10)};
}

// Of two that make another one the default the second waits for the first.
Result<void> drop_default(Database& database, Session& session, std::string_view account_id) {
  CAD_TRY(session.run("SELECT 1 FROM accounts WHERE id = $1" + str(for_update(database)),
                      {str(account_id)}));
  CAD_TRY(
      session.run("UPDATE webhook_endpoints SET is_default = 0"
                  " WHERE account_id = $1 AND is_default = 1",
                  {str(account_id)}));
  return {};
}

}  // namespace

Result<void> EndpointRepository::insert(const Endpoint& endpoint) {
  return database_.transaction([&](Session& session) -> Result<void> {
    if (endpoint.is_default) CAD_TRY(drop_default(database_, session, endpoint.account_id));
    CAD_TRY(session.run(
        "INSERT INTO webhook_endpoints (id, account_id, url, secret, is_active, is_default,"
        " created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        {endpoint.id, endpoint.account_id, endpoint.url, endpoint.secrets.secret,
         std::int64_t{endpoint.is_active}, std::int64_t{endpoint.is_default},
         endpoint.created_at}));
    return {};
  });
}

Result<std::vector<Endpoint>> EndpointRepository::list(std::string_view account_id) {
  static const std::string sql = kSelect + "WHERE account_id = $1 ORDER BY created_at, id";
  CAD_ASSIGN(const Rows rows, database_.read(sql, {str(account_id)}));
  std::vector<Endpoint> out;
  for (const Row& row : rows.rows) out.push_back(endpoint_from_row(row));
  return out;
}

Result<Endpoint> EndpointRepository::find(std::string_view id) {
  static const std::string sql = kSelect + "WHERE id = $1";
  CAD_ASSIGN(const Rows rows, database_.read(sql, {str(id)}));
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "There is no such webhook endpoint.");
  return endpoint_from_row(rows.rows.front());
}

Result<std::optional<Endpoint>> EndpointRepository::find_by_url(std::string_view account_id,
                                                                std::string_view url) {
  static const std::string sql = kSelect + "WHERE account_id = $1 AND url = $2";
  CAD_ASSIGN(const Rows rows, database_.read(sql, {str(account_id), str(url)}));
  if (rows.rows.empty()) return std::optional<Endpoint>();
  return std::optional(endpoint_from_row(rows.rows.front()));
}

Result<bool> EndpointRepository::remove(std::string_view id) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM webhook_endpoints WHERE id = $1", {str(id)}));
  return rows.changed == 1;
}

Result<bool> EndpointRepository::enable(std::string_view id) {
  CAD_ASSIGN(const Rows rows,
             database_.write("UPDATE webhook_endpoints SET is_active = 1, disabled_at = NULL,"
                             " disabled_reason = NULL WHERE id = $1",
                             {str(id)}));
  return rows.changed == 1;
}

Result<bool> EndpointRepository::disable(std::string_view id, std::string_view reason, UnixMs now) {
  CAD_ASSIGN(const Rows rows,
             database_.write("UPDATE webhook_endpoints SET is_active = 0, disabled_at = $3,"
                             " disabled_reason = $2 WHERE id = $1 AND is_active = 1",
                             {str(id), str(reason), now}));
  return rows.changed == 1;
}

Result<bool> EndpointRepository::set_url(std::string_view id, std::string_view url) {
  CAD_ASSIGN(const Rows rows, database_.write("UPDATE webhook_endpoints SET url = $2 WHERE id = $1",
                                              {str(id), str(url)}));
  return rows.changed == 1;
}

Result<bool> EndpointRepository::make_default(std::string_view id, bool is_default) {
  CAD_ASSIGN(const Endpoint endpoint, find(id));
  bool changed = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    if (is_default) CAD_TRY(drop_default(database_, session, endpoint.account_id));
    CAD_ASSIGN(const Rows rows,
               session.run("UPDATE webhook_endpoints SET is_default = $2 WHERE id = $1",
                           {str(id), std::int64_t{is_default}}));
    changed = rows.changed == 1;
    return {};
  });
  CAD_TRY(done);
  return changed;
}

Result<bool> EndpointRepository::set_secrets(std::string_view id, const SealedSecrets& secrets) {
  CAD_ASSIGN(const Rows rows,
             database_.write("UPDATE webhook_endpoints SET secret = $2, old_secret = $3,"
                             " old_secret_until = $4 WHERE id = $1",
                             {str(id), secrets.secret, nullable(secrets.old_secret),
                              nullable(secrets.old_secret_until)}));
  return rows.changed == 1;
}

Result<SealedSecrets> EndpointRepository::account_secrets(std::string_view account_id,
                                                          std::string_view made) {
  constexpr std::string_view kFind =
      "SELECT secret, old_secret, old_secret_until FROM webhook_secrets WHERE account_id = $1";
  CAD_ASSIGN(Rows rows, database_.read(kFind, {str(account_id)}));
  if (rows.rows.empty()) {
    // Two that make one at the same time agree on the first.
    CAD_TRY(
        database_.write("INSERT INTO webhook_secrets (account_id, secret) VALUES ($1,$2)"
                        " ON CONFLICT (account_id) DO NOTHING",
                        {str(account_id), str(made)}));
    CAD_ASSIGN(rows, database_.read(kFind, {str(account_id)}));
  }
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "There is no such account.");
  const Row& row = rows.rows.front();
  return SealedSecrets{row.text(0), row.maybe_text(1), row.maybe_integer(2)};
}

Result<void> EndpointRepository::set_account_secrets(std::string_view account_id,
                                                     const SealedSecrets& secrets) {
  CAD_TRY(database_.write(
      "INSERT INTO webhook_secrets (account_id, secret, old_secret, old_secret_until)"
      " VALUES ($1,$2,$3,$4) ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret,"
      " old_secret = excluded.old_secret, old_secret_until = excluded.old_secret_until",
      {str(account_id), secrets.secret, nullable(secrets.old_secret),
       nullable(secrets.old_secret_until)}));
  return {};
}

Result<std::vector<std::string>> EndpointRepository::accounts() {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT id FROM accounts ORDER BY created_at, id", {}));
  std::vector<std::string> out;
  for (const Row& row : rows.rows) out.push_back(row.text(0));
  return out;
}

}  // namespace cad::store
