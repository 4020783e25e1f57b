// SPDX-License-Identifier: Apache-2.0
#include "app/upkeep.hpp"

#include <spdlog/spdlog.h>

#include "crypto/bytes.hpp"
#include "logging/quoted.hpp"
#include "store/usage.hpp"
#include "store/webhook_tests.hpp"

namespace cad::app {
namespace {

constexpr store::Day kFeedDays = 30, kUsageDays = 400;
constexpr store::Day kTestDays = 7;            // as long as deliveries of jobs are kept at most
constexpr std::int64_t kMostOfFeed = 200'000;  // entries of one account: some 65 MB

std::string spike_text(const usage::FoundSpike& found) {
  const store::UsageSpike& spike = found.spike;
  return "The API key \"" + found.key_name + "\" (" + spike.key_id + ") was used for " +
         std::to_string(spike.requests) + " drawings on " + store::day_text(spike.day) +
         " (UTC) so far; on a usual day it is " + std::to_string(spike.usual) +
         ". If that is not your doing, the key may have leaked: replace it, then revoke it. The "
         "same key is not reported again for that day.\n";
}

}  // namespace

TellAccount teller(const accounts::Accounts& accounts, const mail::OwnerMail& owner) {
  return [&accounts, &owner](const std::string& account, const std::string& subject,
                             const std::string& text) {
    const auto user = accounts.users().find(account);
    if (user && accounts.mailer.send({user->email, subject, text, crypto::random_uuid()})) return;
    if (!owner.configured()) return;
    const auto sent = owner.notify_owner(subject, "Account: " + account + "\n\n" + text);
    if (!sent)
      accounts.log.error("event=account_mail_failed account={} reason={}", account,
                         logging::quoted(sent.error().message));
  };
}

Upkeep::Upkeep(const jobs::Services& services, audit::Log& audit, TellAccount tell,
               NodeDuties duties, std::chrono::milliseconds every)
    : services_(services),
      audit_(audit),
      tell_(std::move(tell)),
      duties_(std::move(duties)),
      every_(every),
      thread_([this] { run(); }) {}

Upkeep::~Upkeep() {
  ask_to_stop();
  thread_.join();
}

void Upkeep::ask_to_stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
}

void Upkeep::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    lock.lock();
    stop_.wait_for(lock, every_, [this] { return stopping_.load(); });
  }
}

// Each step may wait for a database that hangs: a stop waits for one of them.
void Upkeep::look() {
  audit_.announce();
  if (stopping_ || !is_my_duty(services_, duties_, "upkeep", every_) || stopping_) return;
  look_for_spikes();
  if (stopping_) return;
  if (const auto removed = remove_old(); !removed)
    services_.log.error("event=upkeep_failed reason={}", logging::quoted(removed.error().message));
}

void Upkeep::look_for_spikes() {
  const auto found = usage::find_spikes(services_.database, services_.clock());
  if (!found) {
    services_.log.error("event=spikes_failed reason={}", logging::quoted(found.error().message));
    return;
  }
  for (const usage::FoundSpike& spike : *found) told(spike);
}

void Upkeep::told(const usage::FoundSpike& found) {
  const store::UsageSpike& spike = found.spike;
  const std::string requests = std::to_string(spike.requests), usual = std::to_string(spike.usual);
  services_.log.warn("event=usage_spike account={} key={} requests={} usual={}", spike.account_id,
                     spike.key_id, requests, usual);
  const auto audited = audit_.append({.name = "usage.spike",
                                      .account_id = spike.account_id,
                                      .actor = "service",
                                      .detail = {{"key", spike.key_id},
                                                 {"day", store::day_text(spike.day)},
                                                 {"requests", requests},
                                                 {"usual", usual}}});
  if (!audited)
    services_.log.error("event=audit_failed name=usage.spike reason={}",
                        logging::quoted(audited.error().message));
  store::Activity entry;
  entry.account_id = spike.account_id;
  entry.key_id = spike.key_id;
  entry.source = store::Source::account;
  entry.level = store::Level::warn;
  entry.message = "Unusual usage of a key: " + requests + " requests today, usually " + usual;
  services_.note(std::move(entry));
  if (tell_) tell_(spike.account_id, "Unusual usage of an API key", spike_text(found));
}

Result<std::int64_t> Upkeep::remove_old() {
  const store::UnixMs now = services_.clock();
  const store::UnixMs usage_from = now - kUsageDays * store::kDayMs;
  store::ActivityRepository feed(services_.database);
  CAD_ASSIGN(const std::int64_t entries, feed.remove_before(now - kFeedDays * store::kDayMs));
  CAD_ASSIGN(const std::int64_t surplus, feed.trim(kMostOfFeed));
  CAD_ASSIGN(const std::int64_t counts,
             store::UsageRepository(services_.database)
                 .remove_before(store::day_of(usage_from), store::month_of(usage_from)));
  CAD_ASSIGN(const std::int64_t tests, store::WebhookTestRepository(services_.database)
                                           .remove_before(now - kTestDays * store::kDayMs));
  if (entries + surplus + counts + tests > 0)
    services_.log.info("event=upkeep feed={} surplus={} counts={} tests={}", entries, surplus,
                       counts, tests);
  return entries + surplus + counts + tests;
}

}  // namespace cad::app
