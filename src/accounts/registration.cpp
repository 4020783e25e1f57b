// SPDX-License-Identifier: Apache-2.0
#include "accounts/registration.hpp"

#include "accounts/letters.hpp"
#include "accounts/rules.hpp"
#include "crypto/bytes.hpp"

namespace cad::accounts {
namespace {

using Kind = Problem::Kind;

tl::unexpected<Problem> invitation_needed() {
  return problem(Kind::forbidden, "INVITATION_NEEDED",
                 "Registering here needs an invitation, for this address, that was not used yet.");
}

// NOT_FOUND becomes "an invitation is needed"; a database that is away stays that.
Outcome<void> check_invite(const Accounts& accounts, std::string_view hash, std::string_view key) {
  const auto invite = accounts.users().find_invite(hash, accounts.clock());
  if (!invite && invite.error().code != ErrorCode::not_found)
    return tl::unexpected(Problem(invite.error()));
  if (!invite || (invite->email_key && *invite->email_key != key)) return invitation_needed();
  return {};
}

store::User user_of(const std::string& email, std::string_view provider, UnixMs now) {
  store::User user;
  user.account_id = "acc_" + crypto::random_hex(12);
  user.uuid = crypto::random_uuid();
  user.email = email;
  user.email_key = email_key(email).value_or("");
  user.primary_provider = provider;
  user.created_at = now;
  return user;
}

tl::unexpected<Problem> registration_closed() {
  return problem(Kind::forbidden, "REGISTRATION_CLOSED",
                 "Accounts of this installation are made by whoever runs it.");
}

tl::unexpected<Problem> bad_link() {
  return problem(Kind::unknown, "LINK_INVALID",
                 "This link is not valid: it was used, or it is too old. Register again.");
}

tl::unexpected<Problem> has_account() {
  return problem(Kind::conflict, "ACCOUNT_EXISTS",
                 "There is an account with this e-mail address; sign in to it.");
}

// Stores the user with an account, and uses up what they came by.
Outcome<store::User> admit(const Accounts& accounts, store::User user, const store::Ticket& ticket,
                           const AlsoStore& also = nullptr) {
  user.account.plan = accounts.settings.plan;
  std::function<Result<void>(store::Session&)> with;
  if (also) with = [&](store::Session& session) { return also(session, user.account_id); };
  const auto admitted = accounts.users().insert(user, ticket, with);
  if (!admitted && admitted.error().code == ErrorCode::conflict) return has_account();
  CAD_TRY(admitted);
  switch (*admitted) {
    case store::Admitted::yes: return user;
    case store::Admitted::no_registration: return bad_link();
    case store::Admitted::no_invite: return invitation_needed();
  }
  return user;
}

}  // namespace

Outcome<void> check_registration(const Accounts& accounts, const Wanted& wanted) {
  if (accounts.settings.registration == Registration::closed) return registration_closed();
  const auto key = email_key(wanted.email);
  if (!key) return invalid("email", "Must be an e-mail address.");
  if (accounts.settings.registration == Registration::open && wanted.invite.empty()) return {};
  return check_invite(accounts, hash_token(wanted.invite), *key);
}

Outcome<void> begin_registration(const Accounts& accounts, Wanted wanted, const Origin& origin) {
  if (auto good = check_registration(accounts, wanted); !good) return good;
  auto hash = hash_new_password(wanted.password, wanted.email);
  if (!hash) return tl::unexpected(hash.error());
  const UnixMs now = accounts.clock();
  const Token token = make_token();
  store::Registration registration{token.hash, wanted.email, *email_key(wanted.email), *hash};
  if (!wanted.invite.empty()) registration.invite = hash_token(wanted.invite);
  registration.created_at = now;
  registration.expires_at = now + accounts.settings.verification_life.count();
  // Written in any case: an answer that comes sooner would tell, too.
  CAD_TRY(accounts.users().add(registration));
  const auto present = accounts.users().find_by_email(registration.email_key);
  if (!present && present.error().code != ErrorCode::not_found)
    return tl::unexpected(Problem(present.error()));
  accounts.mailer.send(write_letter(present ? Letter::exists_already : Letter::verify, wanted.email,
                                    origin.base_url, token.raw));
  return {};
}

Outcome<store::User> finish_registration(const Accounts& accounts, std::string_view token,
                                         const Secret& password, const Origin& origin) {
  const std::string hash = hash_token(token);
  const auto found = accounts.users().find_registration(hash, accounts.clock());
  if (!found && found.error().code == ErrorCode::not_found) return bad_link();
  CAD_TRY(found);
  if (accounts.settings.registration == Registration::closed) return registration_closed();
  if (accounts.settings.registration == Registration::invite && !found->invite)
    return invitation_needed();
  if (!is_password(password, found->password_hash))
    return problem(Kind::unknown, "INVALID_CREDENTIALS",
                   "This is not the password that the account was asked for with. If you did not "
                   "ask for it, do not confirm it; to have an account of your own, register.");
  store::User user = user_of(found->email, "password", accounts.clock());
  user.password_hash = found->password_hash;
  auto made = admit(accounts, std::move(user), {hash, found->invite, accounts.clock()});
  if (made) accounts.note({made->account_id, "account.created", origin.address});
  return made;
}

Outcome<store::User> register_proven(const Accounts& accounts, const Proven& proven,
                                     const AlsoStore& also) {
  const auto key = email_key(proven.email);
  if (!key) return invalid("email", "Must be an e-mail address.");
  const auto present = accounts.users().find_by_email(*key);
  if (present) return has_account();
  if (present.error().code != ErrorCode::not_found) return tl::unexpected(Problem(present.error()));
  if (accounts.settings.registration == Registration::closed) return registration_closed();
  if (accounts.settings.registration == Registration::invite || proven.invite_hash) {
    auto good = check_invite(accounts, proven.invite_hash.value_or(""), *key);
    if (!good) return tl::unexpected(good.error());
  }
  return admit(accounts, user_of(proven.email, proven.provider, accounts.clock()),
               {{}, proven.invite_hash, accounts.clock()}, also);
}

Outcome<store::User> make_user(store::Database& database, const Vouched& vouched, UnixMs now) {
  if (!email_key(vouched.email)) return invalid("email", "Must be an e-mail address.");
  store::UserRepository users(database);
  store::User user = user_of(vouched.email, vouched.provider, now);
  user.account.plan = vouched.plan;
  if (!vouched.account_id.empty()) user.account_id = vouched.account_id;
  const auto made =
      vouched.account_id.empty() ? users.insert(user, {}).map([](auto) {}) : users.attach(user);
  if (!made && made.error().code == ErrorCode::conflict) return has_account();
  CAD_TRY(made);
  return user;
}

}  // namespace cad::accounts
