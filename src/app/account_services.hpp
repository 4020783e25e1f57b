// SPDX-License-Identifier: Apache-2.0
// What accounts need, wired together.
#pragma once

#include <memory>

#include "accounts/services.hpp"
#include "app/config.hpp"
#include "app/keys.hpp"
#include "audit/log.hpp"
#include "jobs/services.hpp"
#include "passwords/hash_pool.hpp"
#include "webhooks/secrets.hpp"

namespace cad::app {

// INVALID_ARGUMENT: neither closed, invite nor open.
Result<accounts::Registration> parse_registration(const std::string& text);

class AccountServices {
 public:
  // `mailer`: null where no mail is configured.
  static Result<std::unique_ptr<AccountServices>> make(const jobs::Services& services,
                                                       const Config& config, const Keys& keys,
                                                       mail::Mailer* mailer, audit::Log& audit);

  const accounts::Accounts& accounts() const { return *accounts_; }
  auth::SessionTokens& tokens() const { return *tokens_; }
  passwords::HashPool& hashing() { return hashing_; }
  const webhooks::SecretBox& webhook_secrets() const { return webhook_secrets_; }

 private:
  AccountServices(const jobs::Services& services, const Keys& keys, mail::Mailer* mailer);

  secrets::SealedBox profiles_, messages_;
  webhooks::SecretBox webhook_secrets_;
  mail::BackgroundMailer mailer_;
  std::unique_ptr<auth::SessionTokens> tokens_;
  std::unique_ptr<accounts::Accounts> accounts_;
  passwords::HashPool hashing_;  // ends first: what it runs uses the others
};

}  // namespace cad::app
