// SPDX-License-Identifier: Apache-2.0
#include "store/oauth_states.hpp"

namespace cad::store {
namespace {

constexpr std::string_view kSweep = "DELETE FROM oauth_states WHERE expires_at <= $1";

}  // namespace

std::string_view to_string(OauthPurpose purpose) {
  return purpose == OauthPurpose::link ? "link" : "sign_in";
}

Result<void> OauthStateRepository::insert(const OauthState& state, std::int64_t most) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(session.run(kSweep, {state.created_at}));
    CAD_ASSIGN(const Rows count, session.run("SELECT COUNT(*) FROM oauth_states", {}));
    const std::int64_t too_many = count.rows.at(0).integer(0) + 1 - most;
    if (too_many > 0)
      CAD_TRY(
          session.run("DELETE FROM oauth_states WHERE state_hash IN"
                      " (SELECT state_hash FROM oauth_states ORDER BY expires_at LIMIT $1)",
                      {too_many}));
    CAD_TRY(session.run(
        "INSERT INTO oauth_states (state_hash, provider, binding_hash, sealed, redirect_uri,"
        " purpose, account_id, session_id, invite_hash, return_to, created_at, expires_at)"
        " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        {state.state_hash, state.provider, state.binding_hash, state.sealed, state.redirect_uri,
         std::string(to_string(state.purpose)), nullable(state.account_id),
         nullable(state.session_id), nullable(state.invite_hash), nullable(state.return_to),
         state.created_at, state.expires_at}));
    return {};
  });
}

Result<std::optional<OauthState>> OauthStateRepository::take(std::string_view state_hash) {
  CAD_ASSIGN(
      const Rows rows,
      database_.write("DELETE FROM oauth_states WHERE state_hash = $1 RETURNING"
                      " state_hash, provider, binding_hash, sealed, redirect_uri, purpose,"
                      " account_id, session_id, invite_hash, return_to, created_at, expires_at",
                      {std::string(state_hash)}));
  if (rows.rows.empty()) return std::nullopt;
  const Row& row = rows.rows.front();
  return OauthState{
      row.text(0),       row.text(1),
      row.text(2),       row.text(3),
      row.text(4),       row.text(5) == "link" ? OauthPurpose::link : OauthPurpose::sign_in,
      row.maybe_text(6), row.maybe_text(7),
      row.maybe_text(8), row.maybe_text(9),
      row.integer(10),   row.integer(11)};
}

Result<std::int64_t> OauthStateRepository::remove_expired(UnixMs now) {
  CAD_ASSIGN(const Rows rows, database_.write(kSweep, {now}));
  return rows.changed;
}

}  // namespace cad::store
