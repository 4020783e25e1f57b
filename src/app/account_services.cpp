// SPDX-License-Identifier: Apache-2.0
#include "app/account_services.hpp"

#include <spdlog/spdlog.h>

#include "accounts/messages.hpp"
#include "accounts/profile.hpp"
#include "logging/quoted.hpp"

namespace cad::app {
namespace {

// Whom access tokens name as their issuer where no public URL is configured.
constexpr const char* kLocalIssuer = "cadlens";

bool is_warning(std::string_view name) {
  return name == "signin.failed" || name == "session.refresh_reused";
}

// For the service's log, the audit log, and the account's own feed.
void note_event(const jobs::Services& services, audit::Log& audit,
                const accounts::SecurityEvent& event) {
  services.log.info("event=security name={} account={} address={}", event.name, event.account_id,
                    event.address);
  // Tries at addresses that have no account would fill a log that is kept for good.
  if (event.account_id.empty()) return;
  audit::Event entry{.name = event.name,
                     .account_id = event.account_id,
                     .actor = event.name == "signin.failed" ? "" : event.account_id,
                     .address = event.address,
                     .detail = event.detail};
  if (const auto done = audit.append(entry); !done)
    services.log.error("event=audit_failed name={} reason={}", event.name,
                       logging::quoted(done.error().message));
  store::Activity note;
  note.account_id = event.account_id;
  note.source = store::Source::account;
  if (is_warning(event.name)) note.level = store::Level::warn;
  note.message = event.name;
  services.note(std::move(note));
}

}  // namespace

Result<accounts::Registration> parse_registration(const std::string& text) {
  using accounts::Registration;
  for (const Registration known : {Registration::closed, Registration::invite, Registration::open})
    if (text == to_string(known)) return known;
  return fail(ErrorCode::invalid_argument, "--registration is closed, invite or open.");
}

AccountServices::AccountServices(const jobs::Services& services, const Keys& keys,
                                 mail::Mailer* mailer)
    : profiles_(keys.master, accounts::kProfileUse),
      messages_(keys.master, accounts::kMessageUse),
      webhook_secrets_(keys.master),
      mailer_(mailer, [&log = services.log](const std::string& reason) {
        log.error("event=account_mail_failed reason={}", logging::quoted(reason));
      }) {}

Result<std::unique_ptr<AccountServices>> AccountServices::make(const jobs::Services& services,
                                                               const Config& config,
                                                               const Keys& keys,
                                                               mail::Mailer* mailer,
                                                               audit::Log& audit) {
  std::unique_ptr<AccountServices> out(new AccountServices(services, keys, mailer));
  const std::string& url = services.settings.public_url;
  CAD_ASSIGN(out->tokens_,
             auth::SessionTokens::open(services.database, {keys.master, auth::kSessionKeyUse},
                                       url.empty() ? kLocalIssuer : url, services.clock));
  accounts::Settings settings;
  CAD_ASSIGN(settings.registration, parse_registration(config.registration));
  settings.owner_email = config.mail.owner;
  settings.plan = services.plans->registration().name;
  const auto note = [&services, &audit](const accounts::SecurityEvent& event) {
    note_event(services, audit, event);
  };
  out->accounts_.reset(new accounts::Accounts{services.database, *out->tokens_, out->profiles_,
                                              out->messages_, out->mailer_, services.clock, note,
                                              services.log, settings});
  return out;
}

}  // namespace cad::app
