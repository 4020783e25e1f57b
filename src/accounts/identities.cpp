// SPDX-License-Identifier: Apache-2.0
#include "accounts/identities.hpp"

#include <algorithm>

#include "accounts/registration.hpp"
#include "store/identities.hpp"

namespace cad::accounts {
namespace {

using Kind = Problem::Kind;

store::LinkedIdentity record_of(const oauth::Identity& identity, const std::string& account_id,
                                UnixMs now) {
  return {identity.issuer,   identity.subject,        account_id,
          identity.provider, identity.verified_email, now};
}

Outcome<Entered> make_account(const Accounts& accounts, const oauth::SignedIn& proven,
                              const Origin& origin) {
  const oauth::Identity& identity = proven.identity;
  if (!identity.verified_email)
    return problem(Kind::forbidden, "EMAIL_NOT_VERIFIED",
                   "The provider has verified no e-mail address of yours; have it do so first.");
  const Proven who{*identity.verified_email, identity.provider, proven.invite_hash};
  const auto user =
      register_proven(accounts, who, [&](store::Session& session, const std::string& account_id) {
        return store::IdentityRepository::insert(session,
                                                 record_of(identity, account_id, accounts.clock()));
      });
  if (!user) return tl::unexpected(user.error());
  accounts.note(
      {user->account_id, "account.created", origin.address, {{"provider", identity.provider}}});
  auto session = begin_session(accounts, *user, origin);
  if (!session) return tl::unexpected(session.error());
  return Entered{std::move(*session), true};
}

}  // namespace

Outcome<Entered> enter(const Accounts& accounts, const oauth::SignedIn& proven,
                       const Origin& origin) {
  store::IdentityRepository identities(accounts.database);
  CAD_ASSIGN(const auto known, identities.find(proven.identity.issuer, proven.identity.subject));
  if (!known) return make_account(accounts, proven, origin);
  CAD_ASSIGN(const store::User user, accounts.users().find(known->account_id));
  auto session = begin_session(accounts, user, origin);
  if (!session) return tl::unexpected(session.error());
  return Entered{std::move(*session), false};
}

Outcome<void> link(const Accounts& accounts, const oauth::SignedIn& proven, const Origin& origin) {
  store::IdentityRepository identities(accounts.database);
  const std::string account_id = proven.account_id.value_or("");
  CAD_ASSIGN(const auto known, identities.find(proven.identity.issuer, proven.identity.subject));
  if (known && known->account_id == account_id) return {};
  const auto taken = [] {
    return problem(Kind::conflict, "IDENTITY_TAKEN",
                   "This sign-in belongs to another account; unlink it there first.");
  };
  if (known) return taken();
  const auto made = identities.insert(record_of(proven.identity, account_id, accounts.clock()));
  if (!made && made.error().code == ErrorCode::conflict) return taken();
  CAD_TRY(made);
  accounts.note(
      {account_id, "identity.linked", origin.address, {{"provider", proven.identity.provider}}});
  return {};
}

namespace {

tl::unexpected<Problem> last_way() {
  return problem(Kind::conflict, "LAST_SIGN_IN",
                 "This is the only way to sign in to this account; set a password first.");
}

}  // namespace

Outcome<void> unlink(const Accounts& accounts, const std::string& account_id,
                     const std::string& provider, const Origin& origin) {
  store::IdentityRepository identities(accounts.database);
  CAD_ASSIGN(const auto all, identities.of_account(account_id));
  const auto of_provider = std::count_if(
      all.begin(), all.end(), [&](const auto& identity) { return identity.provider == provider; });
  if (of_provider == 0)
    return problem(Kind::missing, "NOT_FOUND", "Nothing of that provider is linked.");
  CAD_ASSIGN(const store::User user, accounts.users().find(account_id));
  const bool another_way = user.password_hash || static_cast<std::size_t>(of_provider) < all.size();
  if (!another_way) return last_way();
  const auto removed = identities.remove(account_id, provider);
  if (!removed && removed.error().code == ErrorCode::conflict) return last_way();
  CAD_TRY(removed);
  accounts.note({account_id, "identity.unlinked", origin.address, {{"provider", provider}}});
  return {};
}

}  // namespace cad::accounts
