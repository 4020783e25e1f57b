// SPDX-License-Identifier: Apache-2.0
#include "app/account_services.hpp"

#include <spdlog/spdlog.h>

#include "accounts/profile.hpp"

namespace cad::app {
namespace {

// Whom access tokens name as their issuer where no public URL is configured.
constexpr const char* kLocalIssuer = "cadlens";

}  // namespace

Result<accounts::Registration> parse_registration(const std::string& text) {
  using accounts::Registration;
  if (text == "closed") return Registration::closed;
  if (text == "invite") return Registration::invite;
  if (text == "open") return Registration::open;
  return fail(ErrorCode::invalid_argument, "--registration is closed, invite or open.");
}

AccountServices::AccountServices(const jobs::Services& services, const Keys& keys,
                                 mail::Mailer* mailer)
    : profiles_(keys.master, accounts::kProfileUse),
      webhook_secrets_(keys.master),
      mailer_(mailer, [&log = services.log](const std::string& reason) {
        log.error("event=account_mail_failed reason=\"{}\"", reason);
      }) {}

Result<std::unique_ptr<AccountServices>> AccountServices::make(const jobs::Services& services,
                                                               const Config& config,
                                                               const Keys& keys,
                                                               mail::Mailer* mailer) {
  std::unique_ptr<AccountServices> out(new AccountServices(services, keys, mailer));
  const std::string& url = services.settings.public_url;
  CAD_ASSIGN(out->tokens_,
             auth::SessionTokens::open(services.database, {keys.master, auth::kSessionKeyUse},
                                       url.empty() ? kLocalIssuer : url, services.clock));
  accounts::Settings settings;
  CAD_ASSIGN(settings.registration, parse_registration(config.registration));
  const auto note = [&log = services.log](const accounts::SecurityEvent& event) {
    log.info("event=security name={} account={} address={} detail=\"{}\"", event.name,
             event.account_id, event.address, event.detail);
  };
  out->accounts_.reset(new accounts::Accounts{services.database, *out->tokens_, out->profiles_,
                                              out->mailer_, services.clock, note, services.log,
                                              settings});
  return out;
}

}  // namespace cad::app
