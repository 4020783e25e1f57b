// SPDX-License-Identifier: Apache-2.0
// Everything that tells somebody outside: webhooks and mails, wired together.
#pragma once

#include <memory>
#include <string>

#include "app/config.hpp"
#include "app/keys.hpp"
#include "jobs/services.hpp"
#include "mail/mailer.hpp"
#include "webhooks/deliverer.hpp"

namespace cad::app {

// INVALID_ARGUMENT: a network that is none.
Result<webhooks::Policy> policy_of(const WebhookConfig& config);
Result<std::unique_ptr<webhooks::Resolver>> resolver_of(const WebhookConfig& config);

class Notifications {
 public:
  // Wakes at every change that `services` tells of.
  static Result<std::unique_ptr<Notifications>> make(const jobs::Services& services,
                                                     const Config& config, const Keys& keys);
  ~Notifications();

  // `address`: the base of links when no public URL is configured.
  void start(const std::string& address);
  // Deliveries that are under way get `grace` to end. Then no mail is sent any more, whoever asks.
  void stop(std::chrono::milliseconds grace);

  const webhooks::Policy& policy() const { return policy_; }
  const mail::OwnerMail& owner_mail() const { return owner_mail_; }
  mail::Mailer* mailer() const { return mailer_.get(); }  // null: no mail is configured

 private:
  Notifications(const jobs::Services& services, const Keys& keys);
  Result<void> set_up_mail(const MailConfig& config, const Keys& keys);
  void make_deliverer(const Config& config);
  void note(const store::Delivery& delivery, const webhooks::Sent& sent,
            store::DeliveryState state) const;
  webhooks::Sent send_mail(const store::Delivery& delivery) const;

  const jobs::Services& services_;
  webhooks::SecretBox box_;
  webhooks::Policy policy_;
  std::string base_url_;
  std::unique_ptr<webhooks::Resolver> resolver_;
  std::unique_ptr<webhooks::Poster> poster_;
  std::unique_ptr<mail::Mailer> mailer_;
  mail::OwnerMail owner_mail_;
  std::unique_ptr<webhooks::Deliverer> deliverer_;
};

}  // namespace cad::app
