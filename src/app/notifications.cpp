// SPDX-License-Identifier: Apache-2.0
#include "app/notifications.hpp"

#include <spdlog/spdlog.h>

#include <random>

#include "jobs/event_payload.hpp"
#include "mail/message.hpp"

namespace cad::app {
namespace {

// For the moving of pauses alone.
double chance() {
  thread_local std::minstd_rand engine(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(engine);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

Result<webhooks::Policy> policy_of(const WebhookConfig& config) {
  webhooks::Policy policy;
  policy.allow_http = config.allow_http;
  for (const std::string& text : config.allow) {
    CAD_ASSIGN(const webhooks::Cidr net, webhooks::parse_cidr(text));
    policy.allow.push_back(net);
  }
  return policy;
}

Result<std::unique_ptr<webhooks::Resolver>> resolver_of(const WebhookConfig& config) {
  if (config.resolver.empty()) return webhooks::make_system_resolver();
  return webhooks::make_dns_resolver(config.resolver);
}

Notifications::Notifications(const jobs::Services& services, const Keys& keys)
    : services_(services), box_(keys.master) {}

Notifications::~Notifications() {
  services_.events.on_announced(nullptr);  // runners may still be at work
  stop({});
}

Result<std::unique_ptr<Notifications>> Notifications::make(const jobs::Services& services,
                                                           const Config& config, const Keys& keys) {
  std::unique_ptr<Notifications> out(new Notifications(services, keys));
  CAD_ASSIGN(out->policy_, policy_of(config.webhooks));
  CAD_ASSIGN(out->resolver_, resolver_of(config.webhooks));
  CAD_ASSIGN(out->poster_, webhooks::make_poster({.ca_file = config.webhooks.ca_file}));
  CAD_TRY(out->set_up_mail(config.mail, keys));
  out->make_deliverer(config);
  services.events.on_announced([deliverer = out->deliverer_.get()] { deliverer->wake(); });
  return out;
}

Result<void> Notifications::set_up_mail(const MailConfig& config, const Keys& keys) {
  if (!config.owner.empty() && (config.smtp_url.empty() || !mail::is_address(config.owner)))
    return fail(ErrorCode::invalid_argument,
                "--owner-email must be a mail address, and needs --smtp-url.");
  if (config.smtp_url.empty()) return {};
  mail::SmtpSettings settings{config.smtp_url, keys.smtp_user, "", config.from, config.ca_file};
  if (keys.smtp_password) settings.password = keys.smtp_password->text();
  CAD_ASSIGN(mailer_, mail::make_smtp_mailer(settings));
  if (!config.owner.empty()) owner_mail_ = mail::OwnerMail(*mailer_, config.owner);
  return {};
}

void Notifications::make_deliverer(const Config& config) {
  webhooks::DelivererOptions options;
  options.threads = config.webhooks.senders;
  options.retry.span = std::chrono::hours(config.webhooks.retry_hours);
  options.mail_grace = std::chrono::seconds(config.mail.grace_seconds);
  options.on_settled = [this](const store::Delivery& delivery, const webhooks::Sent& sent,
                              store::DeliveryState state, std::chrono::milliseconds taken) {
    note(delivery, sent, state);
    if (services_.metrics != nullptr)
      services_.metrics->deliveries.tried(std::string(store::to_string(delivery.kind)),
                                          lower(store::to_string(state)), taken);
  };
  const auto body = [this](const store::Event& event) {
    return jobs::event_payload(services_, event, base_url_);
  };
  webhooks::Send by_mail;
  if (mailer_) by_mail = [this](const store::Delivery& delivery) { return send_mail(delivery); };
  deliverer_ = std::make_unique<webhooks::Deliverer>(
      services_.database,
      webhooks::webhook_sender(
          {services_.database, box_, *resolver_, *poster_, policy_, body, services_.clock}),
      by_mail, options, services_.clock, chance, services_.log);
}

// For the account's feed: whom the delivery was for is not said there.
void Notifications::note(const store::Delivery& delivery, const webhooks::Sent& sent,
                         store::DeliveryState state) const {
  using State = store::DeliveryState;
  if (state == State::skipped) return;
  const bool mail = delivery.kind == store::DeliveryKind::mail;
  store::Activity entry;
  entry.account_id = delivery.event.account_id;
  entry.source = mail ? store::Source::job : store::Source::webhook;
  entry.message =
      std::string(mail ? "Mail " : "Webhook ") + std::string(store::to_string(delivery.event.name));
  if (state == State::delivered) {
    entry.message += " delivered";
  } else if (state == State::failed) {
    entry.level = store::Level::error;
    entry.message += " given up";
  } else {
    entry.level = store::Level::warn;
    entry.message += " failed, will be tried again";
  }
  if (!delivery.event.job_id.empty()) entry.job_id = delivery.event.job_id;
  entry.status = sent.status;
  entry.detail = "{\"event\":\"" + delivery.event.id +
                 "\",\"try\":" + std::to_string(delivery.tries + 1) + "}";
  services_.note(std::move(entry));
}

void Notifications::start(const std::string& address) {
  const std::string& configured = services_.settings.public_url;
  base_url_ = configured.empty() ? address : configured;
  deliverer_->start();
}

void Notifications::stop(std::chrono::milliseconds grace) {
  if (!deliverer_) return;
  deliverer_->stop(grace, [this] {
    resolver_->stop();
    poster_->stop();
    if (mailer_) mailer_->stop();
  });
}

webhooks::Sent Notifications::send_mail(const store::Delivery& delivery) const {
  using Kind = webhooks::Sent::Kind;
  const auto job = services_.jobs().find(delivery.event.job_id);
  if (!job && job.error().code == ErrorCode::not_found)
    return {Kind::skipped, std::nullopt, "The job has been deleted."};
  if (!job) return {Kind::retry, std::nullopt, job.error().message};
  if (job->watched) return {Kind::skipped, std::nullopt, "The caller watched the end."};
  const jobs::Letter letter = jobs::end_letter(*job, base_url_);
  const auto sent =
      mailer_->send({delivery.target, letter.subject, letter.text, delivery.event.id});
  if (sent) return {Kind::delivered};
  const bool useless = sent.error().code == ErrorCode::invalid_argument;
  return {useless ? Kind::give_up : Kind::retry, std::nullopt, sent.error().message};
}

}  // namespace cad::app
