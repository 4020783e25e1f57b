// SPDX-License-Identifier: Apache-2.0
#include "app/webhook_admin.hpp"

#include "app/admin_database.hpp"
#include "app/clock.hpp"
#include "app/notifications.hpp"
#include "blobs/blob_store.hpp"

namespace cad::app {
namespace {

Result<void> found_or(const Result<bool>& changed, std::string message) {
  CAD_TRY(changed);
  if (*changed) return {};
  return fail(ErrorCode::not_found, std::move(message));
}

std::string none(const std::string& id) {
  return "There is no webhook endpoint \"" + id + "\"; `cadlens admin webhooks list` shows them.";
}

}  // namespace

Result<std::unique_ptr<WebhookAdmin>> WebhookAdmin::open(const std::string& data) {
  CAD_ASSIGN(auto database, open_database(data, system_now()));
  CAD_ASSIGN(auto masters,
             secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::refuse));
  CAD_ASSIGN(const auto accounts, store::EndpointRepository(*database).accounts());
  if (accounts.empty())
    return fail(ErrorCode::not_found, "There is no account yet; start the server once.");
  return std::unique_ptr<WebhookAdmin>(
      new WebhookAdmin(std::move(database), std::move(masters), accounts.front()));
}

Result<std::vector<store::Endpoint>> WebhookAdmin::list() { return endpoints().list(account_); }

Result<WebhookAdmin::Added> WebhookAdmin::add(const std::string& url, bool is_default) {
  return registered().add(url, is_default, system_now());
}

Result<void> WebhookAdmin::remove(const std::string& id) {
  return found_or(endpoints().remove(id), none(id));
}

Result<void> WebhookAdmin::enable(const std::string& id) {
  return found_or(endpoints().enable(id), none(id));
}

Result<void> WebhookAdmin::disable(const std::string& id) {
  return found_or(endpoints().disable(id, "Disabled by hand.", system_now()),
                  none(id).substr(0, none(id).find(';')) + ", or it is disabled already.");
}

Result<void> WebhookAdmin::set_default(const std::string& id, bool is_default) {
  return found_or(endpoints().make_default(id, is_default), none(id));
}

Result<std::string> WebhookAdmin::secret(const std::string& id) { return registered().secret(id); }

Result<std::string> WebhookAdmin::rotate_secret(const std::string& id,
                                                std::chrono::milliseconds overlap) {
  return registered().rotate_secret(id, overlap, system_now());
}

Result<std::vector<WebhookAdmin::Logged>> WebhookAdmin::deliveries(bool failed_only,
                                                                   std::int64_t limit) {
  store::OutboxRepository outbox(*database_);
  std::optional<store::DeliveryState> state;
  if (failed_only) state = store::DeliveryState::failed;
  CAD_ASSIGN(auto list, outbox.list(state, limit));
  std::vector<Logged> out;
  for (store::Delivery& delivery : list) {
    CAD_ASSIGN(auto attempts, outbox.attempts(delivery.id));
    out.push_back({std::move(delivery), std::move(attempts)});
  }
  return out;
}

Result<std::int64_t> WebhookAdmin::resend(const std::string& event_id) {
  store::OutboxRepository outbox(*database_);
  CAD_ASSIGN(const std::int64_t count, outbox.resend(event_id, system_now()));
  if (count > 0) return count;
  return fail(ErrorCode::not_found, "There is no event \"" + event_id + "\".");
}

Result<webhooks::Sent> WebhookAdmin::test(const std::string& id, const WebhookConfig& config) {
  CAD_ASSIGN(const store::Endpoint endpoint, endpoints().find(id));
  CAD_ASSIGN(webhooks::Policy policy, policy_of(config));
  CAD_ASSIGN(const auto resolver, resolver_of(config));
  CAD_ASSIGN(const auto poster, webhooks::make_poster({.ca_file = config.ca_file}));
  return webhooks::send_test(
      {*database_, box_, *resolver, *poster, std::move(policy), {}, system_now}, endpoint);
}

}  // namespace cad::app
