// SPDX-License-Identifier: Apache-2.0
#include "accounts/first_sign_in.hpp"

#include "accounts/rules.hpp"
#include "crypto/bytes.hpp"
#include "store/identities.hpp"
#include "store/sign_in_links.hpp"

namespace cad::accounts {
namespace {

using Kind = Problem::Kind;

constexpr std::chrono::milliseconds kLinkLife = std::chrono::minutes(30);

tl::unexpected<Problem> set_up_before() {
  return problem(Kind::conflict, "ALREADY_SET_UP",
                 "This account has an e-mail address; change it and the password one by one.");
}

}  // namespace

Result<std::string> make_sign_in_link(store::Database& database, const std::string& account_id,
                                      UnixMs now) {
  const Token token = make_token();
  CAD_TRY(store::SignInLinkRepository(database).add(
      {token.hash, account_id, now, now + kLinkLife.count()}));
  return token.raw;
}

Result<bool> has_way_in(store::Database& database, const std::string& account_id) {
  const auto user = store::UserRepository(database).find(account_id);
  if (!user && user.error().code == ErrorCode::not_found) return false;
  CAD_TRY(user);
  if (user->password_hash) return true;
  CAD_ASSIGN(const auto identities, store::IdentityRepository(database).of_account(account_id));
  return !identities.empty();
}

std::string welcome_link(std::string_view base_url, std::string_view token) {
  return std::string(base_url) + "/welcome#" + std::string(token);
}

Outcome<SignedIn> enter_by_link(const Accounts& accounts, std::string_view token,
                                const Origin& origin) {
  store::User fresh;
  fresh.uuid = crypto::random_uuid();
  fresh.primary_provider = "link";
  fresh.created_at = accounts.clock();
  const auto user = store::SignInLinkRepository(accounts.database)
                        .take(hash_token(token), fresh, accounts.clock());
  if (!user && user.error().code == ErrorCode::not_found)
    return problem(Kind::unknown, "LINK_INVALID",
                   "This link is not valid: it was used, or it is too old. Whoever runs this "
                   "service makes another (cadlens admin owner-link).");
  CAD_TRY(user);
  accounts.note({user->account_id, "signin.link_used", origin.address});
  return begin_session(accounts, *user, origin);
}

Outcome<void> choose_credentials(const Accounts& accounts, const std::string& account_id,
                                 const std::string& session_id, FirstCredentials wanted,
                                 const Origin& origin) {
  const auto key = email_key(wanted.email);
  if (!key) return invalid("email", "Must be an e-mail address.");
  CAD_ASSIGN(store::User user, accounts.users().find(account_id));
  if (!user.email.empty()) return set_up_before();
  auto hash = hash_new_password(wanted.password, wanted.email);
  if (!hash) return tl::unexpected(hash.error());
  user.email = wanted.email;
  user.email_key = *key;
  user.password_hash = *hash;
  user.primary_provider = "password";
  const auto chosen = accounts.users().set_first_credentials(user, session_id, accounts.clock());
  if (!chosen && chosen.error().code == ErrorCode::conflict)
    return problem(Kind::conflict, "ACCOUNT_EXISTS", "Another account has this e-mail address.");
  CAD_TRY(chosen);
  if (!*chosen) return set_up_before();
  accounts.note({account_id, "user.added", origin.address});
  return {};
}

}  // namespace cad::accounts
