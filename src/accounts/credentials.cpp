// SPDX-License-Identifier: Apache-2.0
#include "accounts/credentials.hpp"

#include <spdlog/spdlog.h>

#include "accounts/letters.hpp"
#include "accounts/rules.hpp"
#include "logging/quoted.hpp"

namespace cad::accounts {
namespace {

using Kind = Problem::Kind;

tl::unexpected<Problem> bad_link() {
  return problem(Kind::unknown, "LINK_INVALID",
                 "This link is not valid: it was used, or it is too old. Ask for another.");
}

tl::unexpected<Problem> wrong_password() {
  return problem(Kind::forbidden, "INVALID_CREDENTIALS", "The present password is wrong.");
}

Outcome<store::User> check_present(const Accounts& accounts, const std::string& account_id,
                                   const Secret& present) {
  CAD_ASSIGN(const store::User user, accounts.users().find(account_id));
  if (user.email.empty())
    return problem(Kind::conflict, "NO_PASSWORD",
                   "This account has no password yet; choose an e-mail address and one first.");
  if (!user.password_hash)
    return problem(Kind::conflict, "NO_PASSWORD",
                   "This account has no password yet; ask for a link to choose one.");
  if (!is_password(present, user.password_hash)) return wrong_password();
  return user;
}

}  // namespace

Result<std::string> make_reset_token(store::Database& database, std::string_view email_key,
                                     std::chrono::milliseconds life, UnixMs now) {
  store::UserRepository users(database);
  CAD_ASSIGN(const store::User user, users.find_by_email(email_key));
  const Token token = make_token();
  CAD_TRY(users.add(store::AccountToken{.hash = token.hash,
                                        .account_id = user.account_id,
                                        .use = store::TokenUse::reset_password,
                                        .created_at = now,
                                        .expires_at = now + life.count()}));
  return token.raw;
}

void send_reset(const Accounts& accounts, const std::string& email, const Origin& origin) {
  const auto key = email_key(email);
  if (!key) return;
  const auto token =
      make_reset_token(accounts.database, *key, accounts.settings.reset_life, accounts.clock());
  if (token)
    accounts.mailer.send(write_letter(Letter::reset, email, origin.base_url, *token));
  else if (token.error().code != ErrorCode::not_found)
    accounts.log.error("event=reset_failed reason={}", logging::quoted(token.error().message));
}

Outcome<void> reset_password(const Accounts& accounts, std::string_view token, Secret password,
                             const Origin& origin) {
  // A password that is refused must not cost the link: judged before the link is used up.
  const std::string token_hash = hash_token(token);
  constexpr auto kUse = store::TokenUse::reset_password;
  const auto found = accounts.users().find_token(token_hash, kUse, accounts.clock());
  if (!found && found.error().code == ErrorCode::not_found) return bad_link();
  CAD_TRY(found);
  CAD_ASSIGN(const store::User user, accounts.users().find(found->account_id));
  auto hash = hash_new_password(password, user.email);
  if (!hash) return tl::unexpected(hash.error());
  const auto done = accounts.users().reset_password(token_hash, *hash, accounts.clock());
  if (!done && done.error().code == ErrorCode::not_found) return bad_link();
  CAD_TRY(done);
  accounts.note({user.account_id, "password.changed", origin.address, {{"by", "link"}}});
  accounts.mailer.send(write_letter(Letter::password_changed, user.email, origin.base_url, ""));
  return {};
}

Outcome<void> change_password(const Accounts& accounts, const std::string& account_id,
                              const std::string& session_id, Secret present, Secret next,
                              const Origin& origin) {
  const auto user = check_present(accounts, account_id, present);
  if (!user) return tl::unexpected(user.error());
  auto hash = hash_new_password(next, user->email);
  if (!hash) return tl::unexpected(hash.error());
  CAD_ASSIGN(const bool changed,
             accounts.users().set_password(account_id, user->password_hash, *hash, session_id,
                                           accounts.clock()));
  if (!changed) return wrong_password();  // it was changed, or the session ended, meanwhile
  accounts.note({account_id, "password.changed", origin.address});
  accounts.mailer.send(write_letter(Letter::password_changed, user->email, origin.base_url, ""));
  return {};
}

Outcome<void> begin_email_change(const Accounts& accounts, const std::string& account_id,
                                 const std::string& email, Secret password, const Origin& origin) {
  const auto key = email_key(email);
  if (!key) return invalid("email", "Must be an e-mail address.");
  const auto user = check_present(accounts, account_id, password);
  if (!user) return tl::unexpected(user.error());
  const Token token = make_token();
  const UnixMs now = accounts.clock();
  const store::AccountToken record{.hash = token.hash,
                                   .account_id = account_id,
                                   .use = store::TokenUse::change_email,
                                   .email = email,
                                   .email_key = *key,
                                   .created_at = now,
                                   .expires_at = now + accounts.settings.verification_life.count()};
  CAD_ASSIGN(const bool added, accounts.users().add(record, user->password_hash));
  if (!added) return wrong_password();  // it was changed meanwhile
  // Nobody learns here whether another account has the address: its owner is told by the mail.
  const auto other = accounts.users().find_by_email(*key);
  const bool taken = other && other->account_id != account_id;
  accounts.mailer.send(write_letter(taken ? Letter::exists_already : Letter::new_address, email,
                                    origin.base_url, token.raw));
  return {};
}

Outcome<void> finish_email_change(const Accounts& accounts, std::string_view token,
                                  const Origin& origin) {
  const auto taken = accounts.users().take_token(hash_token(token), store::TokenUse::change_email,
                                                 accounts.clock());
  if (!taken && taken.error().code == ErrorCode::not_found) return bad_link();
  CAD_TRY(taken);
  CAD_ASSIGN(const store::User user, accounts.users().find(taken->account_id));
  const auto changed = accounts.users().set_email(taken->account_id, taken->email.value_or(""),
                                                  taken->email_key.value_or(""));
  if (!changed && changed.error().code == ErrorCode::conflict)
    return problem(Kind::conflict, "ACCOUNT_EXISTS", "Another account has this e-mail address.");
  CAD_TRY(changed);
  accounts.note({user.account_id, "email.changed", origin.address});
  accounts.mailer.send(write_letter(Letter::address_changed, user.email, origin.base_url, ""));
  return {};
}

}  // namespace cad::accounts
