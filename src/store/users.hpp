// SPDX-License-Identifier: Apache-2.0
// Who owns an account, and what is on its way there: registrations, invitations, links in mails.
// Every secret is here as a hash or sealed.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

struct User {
  std::string account_id, uuid;
  std::string email;      // as its owner writes it; empty: came by a link, and has none yet
  std::string email_key;  // the same for every spelling of one address
  std::optional<std::string> password_hash;  // none: signs in by a provider or a link
  std::string primary_provider;              // "password", "google", "github", "link"
  std::optional<std::string> profile;        // sealed
  UnixMs created_at = 0;
  AccountState account = {};
};

// Waits for the proof that its mail arrived; an account only comes to be then, so that nobody can
// take an address in advance.
struct Registration {
  std::string hash;  // of the token in the mail
  std::string email, email_key, password_hash;
  std::optional<std::string> invite = std::nullopt;  // hash of the one that was shown
  UnixMs created_at = 0, expires_at = 0;
};

enum class TokenUse : std::uint8_t { reset_password, change_email };
// A link in a mail: works once.
struct AccountToken {
  std::string hash, account_id;
  TokenUse use = TokenUse::reset_password;
  std::optional<std::string> email = std::nullopt, email_key = std::nullopt;  // the new address
  UnixMs created_at = 0, expires_at = 0;
};

struct Invite {
  std::string hash;
  std::optional<std::string> email_key = std::nullopt;  // whom it is for; none: whoever has it
  std::optional<std::string> plan = std::nullopt;
  UnixMs created_at = 0, expires_at = 0;
};

// What a new user comes by: each is a hash, works once and until its time.
struct Ticket {
  std::optional<std::string> registration, invite;
  UnixMs now = 0;
};
enum class Admitted : std::uint8_t { yes, no_registration, no_invite };

// For a user without an address: no spelling of any is the same as this.
std::string key_without_email(std::string_view account_id);
Result<void> insert_user_if_none(Session& session, const User& without_email);

class UserRepository {
 public:
  explicit UserRepository(Database& database) : database_(database) {}

  // With an account of that name and plan, or the plan of the invitation, which `user` gets, too.
  // What it came by is used up, and `also` done, with it: all or nothing. CONFLICT: the address has
  // an account.
  Result<Admitted> insert(User& user, const Ticket& ticket,
                          const std::function<Result<void>(Session&)>& also = nullptr);
  // For an account that is there, whose user is none yet or has no address. CONFLICT: it has one
  // with an address, or the address has an account.
  Result<void> attach(const User& user);
  Result<User> find(std::string_view account_id);          // NOT_FOUND
  Result<User> find_by_email(std::string_view email_key);  // NOT_FOUND
  Result<std::vector<User>> list();                        // oldest first

  // Also ends the account's sessions, but `kept`, and its links. With `present` only while that is
  // still the password's hash, and `kept` a session: false otherwise.
  Result<bool> set_password(std::string_view account_id, const std::optional<std::string>& present,
                            std::string_view hash, std::string_view kept_session, UnixMs now);
  // The same by a link, which it uses up. NOT_FOUND: none, or too old.
  Result<void> reset_password(std::string_view token_hash, std::string_view hash, UnixMs now);
  // Links that went to the old address open nothing from then on. CONFLICT: another account has
  // the new one.
  Result<void> set_email(std::string_view account_id, std::string_view email,
                         std::string_view email_key);
  // What a user without an address chooses, by that session, which is the only access that stays.
  // False: there is an address meanwhile, or no such session. CONFLICT as set_email().
  Result<bool> set_first_credentials(const User& chosen, std::string_view session_id, UnixMs now);
  Result<void> set_profile(std::string_view account_id, std::string_view sealed);
  // NOT_FOUND: there is no such account. These two work on accounts without a user, too.
  Result<void> set_plan(std::string_view account_id, const std::optional<std::string>& plan);
  // Ends its sessions; null lets it in again.
  Result<void> set_suspended(std::string_view account_id, std::optional<UnixMs> at);

  Result<void> add(const Registration& registration);
  // With `password_hash` only while that is the user's: false otherwise.
  Result<bool> add(const AccountToken& token,
                   const std::optional<std::string>& password_hash = std::nullopt);
  Result<void> add(const Invite& invite);
  // NOT_FOUND: none, or too old.
  Result<Registration> find_registration(std::string_view hash, UnixMs now);
  Result<AccountToken> find_token(std::string_view hash, TokenUse use, UnixMs now);
  // Gone with this call.
  Result<AccountToken> take_token(std::string_view hash, TokenUse use, UnixMs now);
  Result<Invite> find_invite(std::string_view hash, UnixMs now);
  // The newest registration of the address gets another link. NOT_FOUND.
  Result<void> renew_registration(std::string_view email_key, std::string_view hash,
                                  UnixMs expires_at);
  // What nobody used in time.
  Result<std::int64_t> remove_expired(UnixMs now);

 private:
  Database& database_;
};

}  // namespace cad::store
