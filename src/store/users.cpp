// SPDX-License-Identifier: Apache-2.0
#include "store/users.hpp"

namespace cad::store {
namespace {

const std::string kSelect =
    "SELECT u.account_id, u.uuid, u.email, u.email_key, u.password_hash, u.primary_provider,"
    " u.profile, u.created_at, a.plan, a.suspended_at FROM users AS u"
    " JOIN accounts AS a ON a.id = u.account_id ";

std::string str(std::string_view text) { return std::string(text); }

User user_from_row(const Row& row) {
  return {.account_id = row.text(0),
          .uuid = row.text(1),
          .email = row.text(2),
          .email_key = row.text(3),
          .password_hash = row.maybe_text(4),
          .primary_provider = row.text(5),
          .profile = row.maybe_text(6),
          .created_at = row.integer(7),
          .account = {row.maybe_text(8), row.maybe_integer(9)}};
}

Result<User> only_user(Result<Rows> rows) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  if (rows->rows.empty()) return fail(ErrorCode::not_found, "There is no such user.");
  return user_from_row(rows->rows.front());
}

Result<void> insert_user(Session& session, const User& user) {
  CAD_TRY(session.run(
      "INSERT INTO users (account_id, uuid, email, email_key, password_hash,"
      " primary_provider, profile, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
      {user.account_id, user.uuid, user.email, user.email_key, nullable(user.password_hash),
       user.primary_provider, nullable(user.profile), user.created_at}));
  return {};
}

std::string_view name_of(TokenUse use) {
  return use == TokenUse::reset_password ? "reset_password" : "change_email";
}

Invite invite_from_row(const Row& row) {
  return {row.text(0), row.maybe_text(1), row.maybe_text(2), row.integer(3), row.integer(4)};
}

tl::unexpected<Error> none() {
  return fail(ErrorCode::not_found, "There is no such link, or it was used, or it is too old.");
}

constexpr std::string_view kRegistration =
    "hash, email, email_key, password_hash, invite, created_at, expires_at";
constexpr std::string_view kToken = "hash, account_id, email, email_key, created_at, expires_at";
constexpr std::string_view kGoodToken = " WHERE hash = $1 AND purpose = $2 AND expires_at > $3";
const std::string kFindToken = "SELECT " + str(kToken) + " FROM account_tokens" + str(kGoodToken);
const std::string kTakeToken =
    "DELETE FROM account_tokens" + str(kGoodToken) + " RETURNING " + str(kToken);

Result<Admitted> use_up(Session& session, const Ticket& ticket, std::optional<std::string>& plan) {
  if (ticket.registration) {
    CAD_ASSIGN(const Rows rows,
               session.run("DELETE FROM registrations WHERE hash = $1 AND expires_at > $2",
                           {*ticket.registration, ticket.now}));
    if (rows.changed == 0) return Admitted::no_registration;
  }
  if (ticket.invite) {
    CAD_ASSIGN(const Rows rows,
               session.run("DELETE FROM invites WHERE hash = $1 AND expires_at > $2 RETURNING plan",
                           {*ticket.invite, ticket.now}));
    if (rows.rows.empty()) return Admitted::no_invite;
    if (const auto brought = rows.rows.front().maybe_text(0)) plan = brought;
  }
  return Admitted::yes;
}

Result<Registration> only_registration(Result<Rows> rows) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  if (rows->rows.empty()) return none();
  const Row& row = rows->rows.front();
  return Registration{row.text(0),       row.text(1),    row.text(2),   row.text(3),
                      row.maybe_text(4), row.integer(5), row.integer(6)};
}

Result<AccountToken> only_token(Result<Rows> rows, TokenUse use) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  if (rows->rows.empty()) return none();
  const Row& row = rows->rows.front();
  return AccountToken{.hash = row.text(0),
                      .account_id = row.text(1),
                      .use = use,
                      .email = row.maybe_text(2),
                      .email_key = row.maybe_text(3),
                      .created_at = row.integer(4),
                      .expires_at = row.integer(5)};
}

Values token_values(std::string_view hash, TokenUse use, UnixMs now) {
  return {str(hash), str(name_of(use)), now};
}

// Of whoever knew the old password: sessions, but the kept one, and links.
Result<void> end_access(Session& session, std::string_view account_id,
                        std::string_view kept_session) {
  CAD_TRY(session.run("DELETE FROM sessions WHERE account_id = $1 AND id <> $2",
                      {str(account_id), str(kept_session)}));
  for (const char* table : {"account_tokens", "sign_in_links"})
    CAD_TRY(session.run("DELETE FROM " + str(table) + " WHERE account_id = $1", {str(account_id)}));
  return {};
}

}  // namespace

std::string key_without_email(std::string_view account_id) { return "account:" + str(account_id); }

Result<void> insert_user_if_none(Session& session, const User& without_email) {
  CAD_TRY(session.run(
      "INSERT INTO users (account_id, uuid, email, email_key, primary_provider, created_at)"
      " VALUES ($1,$2,'',$3,$4,$5) ON CONFLICT (account_id) DO NOTHING",
      {without_email.account_id, without_email.uuid, key_without_email(without_email.account_id),
       without_email.primary_provider, without_email.created_at}));
  return {};
}

Result<Admitted> UserRepository::insert(User& user, const Ticket& ticket,
                                        const std::function<Result<void>(Session&)>& also) {
  Admitted admitted = Admitted::yes;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(admitted, use_up(session, ticket, user.account.plan));
    if (admitted != Admitted::yes) return none();  // undoes what was used up
    CAD_TRY(session.run(
        "INSERT INTO accounts (id, name, created_at, plan) VALUES ($1,$2,$3,$4)",
        {user.account_id, user.email_key, user.created_at, nullable(user.account.plan)}));
    CAD_TRY(insert_user(session, user));
    return also ? also(session) : Result<void>();
  });
  if (!done && admitted == Admitted::yes) return tl::unexpected(done.error());
  return admitted;
}

Result<void> UserRepository::attach(const User& user) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows given,
               session.run("UPDATE users SET email = $2, email_key = $3, primary_provider = $4"
                           " WHERE account_id = $1 AND email = ''",
                           {user.account_id, user.email, user.email_key, user.primary_provider}));
    return given.changed == 1 ? Result<void>() : insert_user(session, user);
  });
}

Result<User> UserRepository::find(std::string_view account_id) {
  static const std::string sql = kSelect + "WHERE u.account_id = $1";
  return only_user(database_.read(sql, {str(account_id)}));
}

Result<User> UserRepository::find_by_email(std::string_view email_key) {
  static const std::string sql = kSelect + "WHERE u.email_key = $1";
  return only_user(database_.read(sql, {str(email_key)}));
}

Result<std::vector<User>> UserRepository::list() {
  static const std::string sql = kSelect + "ORDER BY u.created_at, u.account_id";
  CAD_ASSIGN(const Rows rows, database_.read(sql, {}));
  std::vector<User> users;
  for (const Row& row : rows.rows) users.push_back(user_from_row(row));
  return users;
}

Result<bool> UserRepository::set_password(std::string_view account_id,
                                          const std::optional<std::string>& present,
                                          std::string_view hash, std::string_view kept_session,
                                          UnixMs now) {
  std::string sql =
      "UPDATE users SET password_hash = $2, password_changed_at = $3 WHERE account_id = $1";
  Values values{str(account_id), str(hash), now};
  if (present) {
    sql += " AND password_hash = $4 AND EXISTS (SELECT 1 FROM sessions WHERE id = $5)";
    values.insert(values.end(), {*present, str(kept_session)});
  }
  bool changed = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows rows, session.run(sql, values));
    changed = rows.changed == 1;
    return changed ? end_access(session, account_id, kept_session) : Result<void>();
  });
  if (!done) return tl::unexpected(done.error());
  return changed;
}

Result<void> UserRepository::reset_password(std::string_view token_hash, std::string_view hash,
                                            UnixMs now) {
  return database_.transaction([&](Session& session) -> Result<void> {
    const Values link = token_values(token_hash, TokenUse::reset_password, now);
    CAD_ASSIGN(const AccountToken token,
               only_token(session.run(kFindToken, link), TokenUse::reset_password));
    // The user's row first, as everywhere; of two with the same link the second then finds none.
    CAD_TRY(session.run(
        "UPDATE users SET password_hash = $2, password_changed_at = $3 WHERE account_id = $1",
        {token.account_id, str(hash), now}));
    CAD_TRY(only_token(session.run(kTakeToken, link), TokenUse::reset_password));
    return end_access(session, token.account_id, "");
  });
}

Result<void> UserRepository::set_email(std::string_view account_id, std::string_view email,
                                       std::string_view email_key) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(session.run("UPDATE users SET email = $2, email_key = $3 WHERE account_id = $1",
                        {str(account_id), str(email), str(email_key)}));
    CAD_TRY(session.run("DELETE FROM account_tokens WHERE account_id = $1", {str(account_id)}));
    return {};
  });
}

Result<bool> UserRepository::set_first_credentials(const User& chosen, std::string_view session_id,
                                                   UnixMs now) {
  bool changed = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows rows,
               session.run("UPDATE users SET email = $2, email_key = $3, password_hash = $4,"
                           " password_changed_at = $5, primary_provider = $6 WHERE account_id = $1"
                           " AND email = '' AND EXISTS (SELECT 1 FROM sessions WHERE id = $7)",
                           {chosen.account_id, chosen.email, chosen.email_key,
                            nullable(chosen.password_hash), now, chosen.primary_provider,
                            str(session_id)}));
    changed = rows.changed == 1;
    return changed ? end_access(session, chosen.account_id, session_id) : Result<void>();
  });
  CAD_TRY(done);
  return changed;
}

Result<void> UserRepository::set_profile(std::string_view account_id, std::string_view sealed) {
  CAD_TRY(database_.write("UPDATE users SET profile = $2 WHERE account_id = $1",
                          {str(account_id), str(sealed)}));
  return {};
}

Result<void> UserRepository::set_plan(std::string_view account_id,
                                      const std::optional<std::string>& plan) {
  CAD_ASSIGN(const Rows rows, database_.write("UPDATE accounts SET plan = $2 WHERE id = $1",
                                              {str(account_id), nullable(plan)}));
  if (rows.changed == 0) return fail(ErrorCode::not_found, "There is no such account.");
  return {};
}

Result<void> UserRepository::set_suspended(std::string_view account_id, std::optional<UnixMs> at) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows rows, session.run("UPDATE accounts SET suspended_at = $2 WHERE id = $1",
                                            {str(account_id), nullable(at)}));
    if (rows.changed == 0) return fail(ErrorCode::not_found, "There is no such account.");
    if (at) CAD_TRY(session.run("DELETE FROM sessions WHERE account_id = $1", {str(account_id)}));
    return {};
  });
}

Result<void> UserRepository::add(const Registration& registration) {
  CAD_TRY(database_.write(
      "INSERT INTO registrations (hash, email, email_key, password_hash, invite, created_at,"
      " expires_at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
      {registration.hash, registration.email, registration.email_key, registration.password_hash,
       nullable(registration.invite), registration.created_at, registration.expires_at}));
  return {};
}

Result<bool> UserRepository::add(const AccountToken& token,
                                 const std::optional<std::string>& password_hash) {
  const std::string sql =
      "INSERT INTO account_tokens (hash, account_id, purpose, email, email_key, created_at,"
      " expires_at) VALUES ($1,$2,$3,$4,$5,$6,$7)";
  const Values values{token.hash,
                      token.account_id,
                      str(name_of(token.use)),
                      nullable(token.email),
                      nullable(token.email_key),
                      token.created_at,
                      token.expires_at};
  bool added = false;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    added = false;
    if (password_hash) {
      // A change of the password waits for us, and then takes this link away, too.
      CAD_ASSIGN(const Rows same,
                 session.run("SELECT 1 FROM users WHERE account_id = $1 AND password_hash = $2" +
                                 str(for_update(database_)),
                             {token.account_id, *password_hash}));
      if (same.rows.empty()) return {};
    }
    CAD_TRY(session.run(sql, values));
    added = true;
    return {};
  });
  CAD_TRY(done);
  return added;
}

Result<void> UserRepository::add(const Invite& invite) {
  CAD_TRY(database_.write(
      "INSERT INTO invites (hash, email_key, plan, created_at, expires_at) VALUES ($1,$2,$3,$4,$5)",
      {invite.hash, nullable(invite.email_key), nullable(invite.plan), invite.created_at,
       invite.expires_at}));
  return {};
}

Result<Registration> UserRepository::find_registration(std::string_view hash, UnixMs now) {
  return only_registration(database_.read(
      "SELECT " + str(kRegistration) + " FROM registrations WHERE hash = $1 AND expires_at > $2",
      {str(hash), now}));
}

Result<AccountToken> UserRepository::find_token(std::string_view hash, TokenUse use, UnixMs now) {
  return only_token(
      database_.read("SELECT " + str(kToken) + " FROM account_tokens" + str(kGoodToken),
                     token_values(hash, use, now)),
      use);
}

Result<AccountToken> UserRepository::take_token(std::string_view hash, TokenUse use, UnixMs now) {
  return only_token(database_.write(kTakeToken, token_values(hash, use, now)), use);
}

Result<Invite> UserRepository::find_invite(std::string_view hash, UnixMs now) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT hash, email_key, plan, created_at, expires_at FROM invites"
                            " WHERE hash = $1 AND expires_at > $2",
                            {str(hash), now}));
  if (rows.rows.empty()) return none();
  return invite_from_row(rows.rows.front());
}

Result<void> UserRepository::renew_registration(std::string_view email_key, std::string_view hash,
                                                UnixMs expires_at) {
  CAD_ASSIGN(const Rows rows,
             database_.write("UPDATE registrations SET hash = $2, expires_at = $3 WHERE hash ="
                             " (SELECT hash FROM registrations WHERE email_key = $1"
                             "  ORDER BY created_at DESC, hash LIMIT 1)",
                             {str(email_key), str(hash), expires_at}));
  if (rows.changed == 0)
    return fail(ErrorCode::not_found, "Nobody has registered with this address.");
  return {};
}

Result<std::int64_t> UserRepository::remove_expired(UnixMs now) {
  std::int64_t removed = 0;
  for (const char* table : {"registrations", "account_tokens", "sign_in_links", "invites"}) {
    CAD_ASSIGN(const Rows rows,
               database_.write("DELETE FROM " + str(table) + " WHERE expires_at <= $1", {now}));
    removed += rows.changed;
  }
  return removed;
}

}  // namespace cad::store
