// SPDX-License-Identifier: Apache-2.0
// Accounts and who their users are at other services. An identity is known by issuer and subject; a
// mail address only says that somebody else's account may be meant, and never opens it.
#pragma once

#include "accounts/sign_in.hpp"
#include "oauth/flow.hpp"

namespace cad::accounts {

struct Entered {
  SignedIn session;
  bool is_new = false;  // the account was made just now
};

// A session for whose identity it is; a new account where registration allows it. FORBIDDEN: it
// does not, or the provider has verified no mail address. CONFLICT: an account has the address; its
// user can link the identity.
Outcome<Entered> enter(const Accounts& accounts, const oauth::SignedIn& proven,
                       const Origin& origin);

// For a link that the account's user began. CONFLICT: the identity is another account's.
Outcome<void> link(const Accounts& accounts, const oauth::SignedIn& proven, const Origin& origin);

// MISSING: nothing is linked. CONFLICT: it is the only way to sign in.
Outcome<void> unlink(const Accounts& accounts, const std::string& account_id,
                     const std::string& provider, const Origin& origin);

}  // namespace cad::accounts
