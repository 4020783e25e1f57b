// SPDX-License-Identifier: Apache-2.0
// A user's password and address, changed and won back.
#pragma once

#include "accounts/services.hpp"
#include "base/secret.hpp"

namespace cad::accounts {

// Sends the link if the address has an account. Not to be waited for by who asked: the time tells.
void send_reset(const Accounts& accounts, const std::string& email, const Origin& origin);

// These three hash (a good part of a second).
// With the token of the mail. Ends every session.
Outcome<void> reset_password(const Accounts& accounts, std::string_view token, Secret password,
                             const Origin& origin);
// Ends every session but `session_id`.
Outcome<void> change_password(const Accounts& accounts, const std::string& account_id,
                              const std::string& session_id, Secret present, Secret next,
                              const Origin& origin);
// A mail to the new address proves it; until then the old one stays.
Outcome<void> begin_email_change(const Accounts& accounts, const std::string& account_id,
                                 const std::string& email, Secret password, const Origin& origin);
Outcome<void> finish_email_change(const Accounts& accounts, std::string_view token,
                                  const Origin& origin);

// For the operator where no mail is sent: a fresh link for the user of that address. NOT_FOUND.
Result<std::string> make_reset_token(store::Database& database, std::string_view email_key,
                                     std::chrono::milliseconds life, UnixMs now);

}  // namespace cad::accounts
