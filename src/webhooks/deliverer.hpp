// SPDX-License-Identifier: Apache-2.0
// Takes what is due from the outbox and has it sent, until it is delivered or given up. Nothing is
// ever only in memory: a try that a crash cuts short is made again by the next start.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "store/outbox.hpp"
#include "store/webhook_tests.hpp"
#include "webhooks/schedule.hpp"
#include "webhooks/sender.hpp"

namespace spdlog {
class logger;
}

namespace cad::webhooks {

struct DelivererOptions {
  std::size_t threads = 8;
  RetryRules retry;
  milliseconds lease{120'000};      // more than a try can take
  milliseconds look_every{1'000};   // for what has become due, and what other processes queued
  milliseconds mail_grace{30'000};  // so that somebody who watches is not written to
  // Told of every try, what became of it and how long it took; quick, from any thread.
  std::function<void(const store::Delivery&, const Sent&, store::DeliveryState, milliseconds)>
      on_settled = {};
};

class Deliverer {
 public:
  // `mail` may be empty: no mail server is configured.
  Deliverer(store::Database& database, Send webhook, Send mail, DelivererOptions options,
            std::function<store::UnixMs()> clock, std::function<double()> chance,
            spdlog::logger& log);
  ~Deliverer();

  void start();
  // No new tries; running ones get `grace` to end, then `cut` is called, which has to end them
  // soon.
  void stop(milliseconds grace, const std::function<void()>& cut);
  // Something may be due. Any thread, never blocks.
  void wake();

  // One of those that are due, in this thread; false: there was none.
  bool deliver_one();

 private:
  struct State;
  void loop();
  Sent send(const store::Delivery& delivery) const;
  void settle(const store::Delivery& delivery, const Sent& sent, store::UnixMs started,
              std::int64_t duration_ms);

  Result<std::optional<store::Delivery>> claim(store::UnixMs now);

  store::OutboxRepository outbox_;
  store::WebhookTestRepository tests_;
  Send webhook_, mail_;
  DelivererOptions options_;
  std::function<store::UnixMs()> clock_;
  std::function<double()> chance_;
  spdlog::logger& log_;
  std::unique_ptr<State> state_;
};

}  // namespace cad::webhooks
