// SPDX-License-Identifier: Apache-2.0
#include "store/sessions.hpp"

#include <algorithm>

#include "store/lock.hpp"

namespace cad::store {
namespace {

std::string str(std::string_view text) { return std::string(text); }

Result<void> insert_token(Session& session, const RefreshToken& token) {
  CAD_TRY(
      session.run("INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)"
                  " VALUES ($1,$2,$3,$4)",
                  {token.hash, token.session_id, token.created_at, token.expires_at}));
  return {};
}

SessionRecord session_from_row(const Row& row) {
  return {row.text(0),    row.text(1),    row.text(2),   row.text(3),
          row.integer(4), row.integer(5), row.integer(6)};
}

// It has no raw form: what stands where a hash would stand is no hash of anything.
Result<void> ensure_dashboard_key(Session& session, const std::string& account,
                                  const std::string& key_id, UnixMs now) {
  CAD_ASSIGN(const Rows found,
             session.run("SELECT id FROM api_keys WHERE account_id = $1 AND kind = 'dashboard'",
                         {account}));
  if (!found.rows.empty()) return {};
  // Two first sign-ins at the same time agree on one.
  CAD_TRY(
      session.run("INSERT INTO api_keys (id, account_id, name, prefix, hash, scopes, created_at,"
                  " family, kind) VALUES ($1,$2,'Dashboard','','dashboard:' || $1,'',$3,$1,"
                  "'dashboard') ON CONFLICT DO NOTHING",
                  {key_id, account, now}));
  return {};
}

// The token's row, whatever its state; none: unknown.
struct Presented {
  std::string session_id, account_id;
  bool used = false, expired = false;
  UnixMs session_end = 0;
};
Result<std::optional<Presented>> look_up(Session& session, std::string_view hash, UnixMs now) {
  CAD_ASSIGN(const Rows rows,
             session.run("SELECT t.session_id, s.account_id, t.used_at, t.expires_at, s.expires_at"
                         " FROM refresh_tokens AS t JOIN sessions AS s ON s.id = t.session_id"
                         " WHERE t.hash = $1",
                         {str(hash)}));
  if (rows.rows.empty()) return std::optional<Presented>();
  const Row& row = rows.rows.front();
  return std::optional(Presented{row.text(0), row.text(1), row.maybe_integer(2).has_value(),
                                 std::min(row.integer(3), row.integer(4)) <= now, row.integer(4)});
}

}  // namespace

Result<void> SessionRepository::insert(const SessionRecord& session, const RefreshToken& token,
                                       std::string_view key_id,
                                       const std::optional<std::string>& password_hash) {
  return database_.transaction([&](Session& run) -> Result<void> {
    if (password_hash) {
      // A change of the password waits for us, and then ends this session, too.
      CAD_ASSIGN(const Rows same,
                 run.run("SELECT 1 FROM users WHERE account_id = $1 AND password_hash = $2" +
                             str(for_update(database_)),
                         {session.account_id, *password_hash}));
      if (same.rows.empty())
        return fail(ErrorCode::conflict, "The password was changed meanwhile.");
    }
    CAD_TRY(ensure_dashboard_key(run, session.account_id, str(key_id), session.created_at));
    CAD_TRY(
        run.run("INSERT INTO sessions (id, account_id, user_agent, address, created_at,"
                " last_used_at, expires_at, token_until) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
                {session.id, session.account_id, session.user_agent, session.address,
                 session.created_at, session.last_used_at, session.expires_at, token.expires_at}));
    return insert_token(run, token);
  });
}

Result<LiveSession> SessionRepository::find(std::string_view id, UnixMs now) {
  CAD_ASSIGN(
      const Rows rows,
      database_.read("SELECT s.id, s.account_id, k.id, a.plan, a.suspended_at FROM sessions AS s"
                     " JOIN accounts AS a ON a.id = s.account_id"
                     " JOIN api_keys AS k ON k.account_id = s.account_id AND k.kind = 'dashboard'"
                     " WHERE s.id = $1 AND s.expires_at > $2",
                     {str(id), now}));
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "There is no such session.");
  const Row& row = rows.rows.front();
  return LiveSession{
      row.text(0), row.text(1), row.text(2), {row.maybe_text(3), row.maybe_integer(4)}};
}

Result<SessionRecord> SessionRepository::find_by_refresh(std::string_view hash) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT s.id, s.account_id, s.user_agent, s.address, s.created_at,"
                            " s.last_used_at, s.expires_at FROM refresh_tokens AS t"
                            " JOIN sessions AS s ON s.id = t.session_id WHERE t.hash = $1",
                            {str(hash)}));
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "There is no such refresh token.");
  return session_from_row(rows.rows.front());
}

Result<Rotation> SessionRepository::rotate(std::string_view hash, RefreshToken next, UnixMs now) {
  Rotation out;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    out = {};
    CAD_ASSIGN(const auto found, look_up(session, hash, now));
    if (!found) return {};
    out.session_id = found->session_id;
    out.account_id = found->account_id;
    // Claimed by the update alone: of two at the same time one finds it used.
    CAD_ASSIGN(const Rows claimed,
               session.run("UPDATE refresh_tokens SET used_at = $2"
                           " WHERE hash = $1 AND used_at IS NULL AND expires_at > $2",
                           {str(hash), now}));
    if (found->used || (claimed.changed == 0 && !found->expired)) {
      out.outcome = Rotation::Outcome::reused;
      CAD_TRY(session.run("DELETE FROM sessions WHERE id = $1", {found->session_id}));
      return {};
    }
    out.outcome = Rotation::Outcome::expired;
    if (found->expired) return {};
    next.session_id = found->session_id;
    next.expires_at = std::min(next.expires_at, found->session_end);
    CAD_ASSIGN(const Rows touched,
               session.run("UPDATE sessions SET last_used_at = $2, token_until = $3 WHERE id = $1",
                           {found->session_id, now, next.expires_at}));
    if (touched.changed == 0) {  // ended since we looked
      out = {};
      return {};
    }
    out.outcome = Rotation::Outcome::rotated;
    return insert_token(session, next);
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<std::vector<SessionRecord>> SessionRepository::list(std::string_view account_id,
                                                           UnixMs now) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT id, account_id, user_agent, address, created_at, last_used_at,"
                            " expires_at FROM sessions WHERE account_id = $1 AND expires_at > $2"
                            " ORDER BY last_used_at DESC, id",
                            {str(account_id), now}));
  std::vector<SessionRecord> sessions;
  for (const Row& row : rows.rows) sessions.push_back(session_from_row(row));
  return sessions;
}

Result<bool> SessionRepository::end(std::string_view account_id, std::string_view id) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM sessions WHERE id = $1 AND account_id = $2",
                             {str(id), str(account_id)}));
  return rows.changed == 1;
}

Result<std::int64_t> SessionRepository::end_all(std::string_view account_id,
                                                std::string_view kept) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM sessions WHERE account_id = $1 AND id <> $2",
                             {str(account_id), str(kept)}));
  return rows.changed;
}

Result<std::int64_t> SessionRepository::remove_expired(UnixMs now) {
  CAD_ASSIGN(const Rows old, database_.write("DELETE FROM sessions WHERE expires_at <= $1", {now}));
  // A session without a token that still works has ended, too. (The tokens have the last word: a
  // node of the version before does not keep token_until.)
  CAD_ASSIGN(const Rows idle,
             database_.write("DELETE FROM sessions WHERE token_until <= $1 AND NOT EXISTS"
                             " (SELECT 1 FROM refresh_tokens AS t WHERE t.session_id = sessions.id"
                             "  AND t.expires_at > $1)",
                             {now}));
  return old.changed + idle.changed;
}

Result<std::vector<SessionKey>> SessionKeyRepository::list() {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT kid, sealed, public_jwk, created_at, retired_at"
                            " FROM session_keys ORDER BY created_at DESC, kid",
                            {}));
  std::vector<SessionKey> keys;
  for (const Row& row : rows.rows)
    keys.push_back({row.text(0), row.text(1), row.text(2), row.integer(3), row.maybe_integer(4)});
  return keys;
}

Result<void> SessionKeyRepository::add(const SessionKey& key, bool only_first) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(lock(session, "session_keys"));
    if (only_first) {
      CAD_ASSIGN(const Rows any, session.run("SELECT kid FROM session_keys LIMIT 1", {}));
      if (!any.rows.empty()) return fail(ErrorCode::conflict, "There is a session key already.");
    }
    CAD_TRY(session.run("UPDATE session_keys SET retired_at = $1 WHERE retired_at IS NULL",
                        {key.created_at}));
    CAD_TRY(
        session.run("INSERT INTO session_keys (kid, sealed, public_jwk, created_at)"
                    " VALUES ($1,$2,$3,$4)",
                    {key.kid, key.sealed, key.public_jwk, key.created_at}));
    return {};
  });
}

Result<void> SessionKeyRepository::set_sealed(std::string_view kid, std::string_view sealed) {
  CAD_TRY(database_.write("UPDATE session_keys SET sealed = $2 WHERE kid = $1",
                          {str(kid), str(sealed)}));
  return {};
}

Result<std::int64_t> SessionKeyRepository::remove_retired(UnixMs before) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM session_keys WHERE retired_at < $1", {before}));
  return rows.changed;
}

}  // namespace cad::store
