// SPDX-License-Identifier: Apache-2.0
// The way in to an account that nobody can sign in to yet: whoever runs the service gets a link,
// which works once and soon ends, and chooses an address and a password then.
#pragma once

#include "accounts/sign_in.hpp"

namespace cad::accounts {

// Of the account that a fresh installation begins with.
inline constexpr std::string_view kOwnerAccount = "owner";

// For the operator: the raw token of a link to that account, which takes the place of an earlier
// one.
Result<std::string> make_sign_in_link(store::Database& database, const std::string& account_id,
                                      UnixMs now);
// Is there a password, or another service, to sign in to the account by?
Result<bool> has_way_in(store::Database& database, const std::string& account_id);
// "https://cad.example.com/welcome#<token>"
std::string welcome_link(std::string_view base_url, std::string_view token);

// A session by the link, which is used up. UNKNOWN: none, used, or too old.
Outcome<SignedIn> enter_by_link(const Accounts& accounts, std::string_view token,
                                const Origin& origin);

struct FirstCredentials {
  std::string email;
  Secret password;
};
// The address is believed: who has the link runs the service, and could give the account any by
// `cadlens admin add-user`. Other sessions and links of the account end. Hashes. CONFLICT: it has
// an address already, or another account has this one.
Outcome<void> choose_credentials(const Accounts& accounts, const std::string& account_id,
                                 const std::string& session_id, FirstCredentials wanted,
                                 const Origin& origin);

}  // namespace cad::accounts
