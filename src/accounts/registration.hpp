// SPDX-License-Identifier: Apache-2.0
// How an account comes to be: asked for, then proven by the mail that reached its owner.
#pragma once

#include "accounts/services.hpp"
#include "base/secret.hpp"

namespace cad::accounts {

struct Wanted {
  std::string email;
  Secret password;
  std::string invite;  // raw; needed where registration is by invitation
};

// Before anything costs time: may somebody register at all, with this address and invitation?
Outcome<void> check_registration(const Accounts& accounts, const Wanted& wanted);

// Hashes (a good part of a second) and sends the mail. Succeeds in the same way, and takes as long,
// whether or not the address has an account: its owner reads which in the mail.
Outcome<void> begin_registration(const Accounts& accounts, Wanted wanted, const Origin& origin);

// The token of the mail, and the password once more: the owner of the mailbox must not confirm an
// account that a stranger has the password of. Now there is an account. Hashes. UNKNOWN: no such
// token, used, too old, or another password, which leaves the token good. CONFLICT: the address has
// got an account meanwhile.
Outcome<store::User> finish_registration(const Accounts& accounts, std::string_view token,
                                         const Secret& password, const Origin& origin);

// With an address that a provider has verified. As check_registration(), and CONFLICT: an account
// has the address. `also` is stored with the account, or neither.
struct Proven {
  std::string email, provider;
  std::optional<std::string> invite_hash = std::nullopt;
};
using AlsoStore = std::function<Result<void>(store::Session&, const std::string& account_id)>;
Outcome<store::User> register_proven(const Accounts& accounts, const Proven& proven,
                                     const AlsoStore& also);

// For the operator, who vouches for the address, and for providers that have checked it.
struct Vouched {
  std::string email;
  std::string provider = "password";
  std::optional<std::string> plan = std::nullopt;
  std::string account_id = {};  // that gets its user; empty: a new one
};
Outcome<store::User> make_user(store::Database& database, const Vouched& vouched, UnixMs now);

}  // namespace cad::accounts
