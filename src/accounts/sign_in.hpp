// SPDX-License-Identifier: Apache-2.0
// Sessions: begun with a password or by a provider, carried on with refresh tokens, ended.
#pragma once

#include "accounts/services.hpp"
#include "base/secret.hpp"

namespace cad::accounts {

struct SignedIn {
  store::User user;
  std::string session_id;
  std::string access_token, refresh_token;
};

// Hashes (a good part of a second), the same whoever it is. UNKNOWN: the address or the password is
// wrong; FORBIDDEN: the account is suspended, which only who has the password learns.
Outcome<SignedIn> sign_in(const Accounts& accounts, const std::string& email, Secret password,
                          const Origin& origin);
// For who has proven otherwise to be the user; with `password_hash` by the password that it is of.
Outcome<SignedIn> begin_session(const Accounts& accounts, const store::User& user,
                                const Origin& origin,
                                const std::optional<std::string>& password_hash = std::nullopt);

// A refresh token works once. UNKNOWN: none of ours, too old, or used before, which ends the
// session.
Outcome<SignedIn> refresh(const Accounts& accounts, std::string_view refresh_token,
                          const Origin& origin);

Outcome<void> end_session(const Accounts& accounts, const std::string& account_id,
                          const std::string& session_id, const Origin& origin);
// How many were ended.
Outcome<std::int64_t> end_other_sessions(const Accounts& accounts, const std::string& account_id,
                                         const std::string& kept, const Origin& origin);

}  // namespace cad::accounts
