// SPDX-License-Identifier: Apache-2.0
// Webhook endpoints of the owner's account, managed on the data directory itself; a server may run
// on it at the same time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "store/endpoints.hpp"
#include "store/outbox.hpp"
#include "webhooks/registered.hpp"
#include "webhooks/sender.hpp"

namespace cad::app {

class WebhookAdmin {
 public:
  // NOT_FOUND: no server has run on this directory yet.
  static Result<std::unique_ptr<WebhookAdmin>> open(const std::string& data);

  Result<std::vector<store::Endpoint>> list();
  using Added = webhooks::Registered::Added;
  // The URL is held to its form only: where it leads is judged by the server at each delivery.
  Result<Added> add(const std::string& url, bool is_default);
  Result<void> remove(const std::string& id);
  Result<void> enable(const std::string& id);
  Result<void> disable(const std::string& id);
  Result<void> set_default(const std::string& id, bool is_default);
  // An endpoint's secret; of the account for an empty id.
  Result<std::string> secret(const std::string& id);
  // The new one; the old one signs beside it for `overlap`.
  Result<std::string> rotate_secret(const std::string& id, std::chrono::milliseconds overlap);

  struct Logged {
    store::Delivery delivery;
    std::vector<store::Attempt> attempts;
  };
  Result<std::vector<Logged>> deliveries(bool failed_only, std::int64_t limit);
  Result<std::int64_t> resend(const std::string& event_id);
  // Sends a signed "webhook.test" from here.
  Result<webhooks::Sent> test(const std::string& id, const WebhookConfig& config);

 private:
  WebhookAdmin(std::unique_ptr<store::Database> database,
               std::shared_ptr<secrets::KeySource> masters, std::string account)
      : database_(std::move(database)), box_(std::move(masters)), account_(std::move(account)) {}
  store::EndpointRepository endpoints() { return store::EndpointRepository(*database_); }
  webhooks::Registered registered() { return {*database_, box_, account_}; }

  std::unique_ptr<store::Database> database_;
  webhooks::SecretBox box_;
  std::string account_;
};

}  // namespace cad::app
