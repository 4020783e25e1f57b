// SPDX-License-Identifier: Apache-2.0
#include "store/identities.hpp"

namespace cad::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO identities (issuer, subject, account_id, provider, email, created_at)"
    " VALUES ($1,$2,$3,$4,$5,$6)";
const std::string kSelect =
    "SELECT issuer, subject, account_id, provider, email, created_at FROM identities ";

Values values_of(const LinkedIdentity& identity) {
  return {identity.issuer,   identity.subject,         identity.account_id,
          identity.provider, nullable(identity.email), identity.created_at};
}

LinkedIdentity from_row(const Row& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.maybe_text(4), row.integer(5)};
}

}  // namespace

Result<std::optional<LinkedIdentity>> IdentityRepository::find(std::string_view issuer,
                                                               std::string_view subject) {
  CAD_ASSIGN(const Rows rows, database_.read(kSelect + "WHERE issuer = $1 AND subject = $2",
                                             {std::string(issuer), std::string(subject)}));
  if (rows.rows.empty()) return std::nullopt;
  return from_row(rows.rows.front());
}

Result<void> IdentityRepository::insert(const LinkedIdentity& identity) {
  CAD_TRY(database_.write(kInsert, values_of(identity)));
  return {};
}

Result<void> IdentityRepository::insert(Session& session, const LinkedIdentity& identity) {
  CAD_TRY(session.run(kInsert, values_of(identity)));
  return {};
}

Result<std::vector<LinkedIdentity>> IdentityRepository::of_account(std::string_view account_id) {
  CAD_ASSIGN(const Rows rows,
             database_.read(kSelect + "WHERE account_id = $1 ORDER BY created_at, issuer, subject",
                            {std::string(account_id)}));
  std::vector<LinkedIdentity> out;
  for (const Row& row : rows.rows) out.push_back(from_row(row));
  return out;
}

Result<std::int64_t> IdentityRepository::remove(std::string_view account_id,
                                                std::string_view provider) {
  const Values of_provider{std::string(account_id), std::string(provider)};
  std::int64_t removed = 0;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    // Two that each remove one of the last two ways in come one after the other.
    CAD_ASSIGN(const Rows user,
               session.run("SELECT password_hash FROM users WHERE account_id = $1" +
                               std::string(for_update(database_)),
                           {std::string(account_id)}));
    CAD_ASSIGN(const Rows others,
               session.run("SELECT 1 FROM identities WHERE account_id = $1 AND provider <> $2"
                           " LIMIT 1",
                           of_provider));
    const bool password = !user.rows.empty() && user.rows.front().maybe_text(0);
    if (!password && others.rows.empty())
      return fail(ErrorCode::conflict, "It is the only way to sign in to the account.");
    CAD_ASSIGN(
        const Rows rows,
        session.run("DELETE FROM identities WHERE account_id = $1 AND provider = $2", of_provider));
    removed = rows.changed;
    return {};
  });
  CAD_TRY(done);
  return removed;
}

}  // namespace cad::store
