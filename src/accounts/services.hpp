// SPDX-License-Identifier: Apache-2.0
// What the use cases of accounts work with. Built once by the application, shared by all threads.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/problem.hpp"
#include "auth/session_tokens.hpp"
#include "mail/background.hpp"
#include "secrets/sealed_box.hpp"
#include "store/users.hpp"

namespace spdlog {
class logger;
}

namespace cad::accounts {

using store::UnixMs;

enum class Registration : std::uint8_t { closed, invite, open };
std::string_view to_string(Registration registration);  // "closed" ...

struct Settings {
  Registration registration = Registration::closed;
  std::optional<std::string> plan = std::nullopt;  // of those who register; none: the default
  std::string owner_email;  // who is mailed what strangers write; empty: nobody
  std::chrono::milliseconds verification_life{std::chrono::hours(24)};
  std::chrono::milliseconds reset_life{std::chrono::minutes(30)};
  std::chrono::milliseconds refresh_life{std::chrono::hours(24 * 7)};
  std::chrono::milliseconds session_life{std::chrono::hours(24 * 30)};
};

// A security event: what happened to whose account, from where. The seam to the audit log.
struct SecurityEvent {
  std::string account_id, name, address;
  std::map<std::string, std::string> detail = {};
};

struct Accounts {
  store::Database& database;
  auth::SessionTokens& tokens;
  const secrets::SealedBox& profiles;
  const secrets::SealedBox& messages;
  mail::BackgroundMailer& mailer;
  std::function<UnixMs()> clock;
  std::function<void(const SecurityEvent&)> note;
  spdlog::logger& log;
  Settings settings;

  store::UserRepository users() const { return store::UserRepository(database); }
  store::SessionRepository sessions() const { return store::SessionRepository(database); }
};

// From where somebody acts, and where links in mails lead: "https://cad.example.com".
struct Origin {
  std::string address, user_agent, base_url;
};

// A token for a link or an invitation, and its hash for the database.
struct Token {
  std::string raw, hash;
};
Token make_token();
std::string hash_token(std::string_view raw);

// The same for every spelling of one address; none: it is no address.
std::optional<std::string> email_key(std::string_view email);

}  // namespace cad::accounts
