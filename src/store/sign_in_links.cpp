// SPDX-License-Identifier: Apache-2.0
#include "store/sign_in_links.hpp"

namespace cad::store {

Result<void> SignInLinkRepository::add(const SignInLink& link) {
  return database_.transaction([&](Session& session) -> Result<void> {
    // Of two at the same time the second takes the first one's away.
    CAD_TRY(session.run("SELECT 1 FROM accounts WHERE id = $1" + std::string(for_update(database_)),
                        {link.account_id}));
    CAD_TRY(session.run("DELETE FROM sign_in_links WHERE account_id = $1", {link.account_id}));
    CAD_TRY(
        session.run("INSERT INTO sign_in_links (hash, account_id, created_at, expires_at)"
                    " VALUES ($1,$2,$3,$4)",
                    {link.hash, link.account_id, link.created_at, link.expires_at}));
    return {};
  });
}

Result<User> SignInLinkRepository::take(std::string_view hash, User fresh, UnixMs now) {
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows taken, session.run("DELETE FROM sign_in_links WHERE hash = $1"
                                             " AND expires_at > $2 RETURNING account_id",
                                             {std::string(hash), now}));
    if (taken.rows.empty())
      return fail(ErrorCode::not_found, "There is no such link, or it was used, or it is too old.");
    fresh.account_id = taken.rows.front().text(0);
    return insert_user_if_none(session, fresh);
  });
  if (!done) return tl::unexpected(done.error());
  return UserRepository(database_).find(fresh.account_id);
}

}  // namespace cad::store
