// SPDX-License-Identifier: Apache-2.0
#include "webhooks/deliverer.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "logging/quoted.hpp"
#include "trace/context.hpp"

namespace cad::webhooks {

struct Deliverer::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t signals = 0;  // a waiting thread each: none is lost between claim and wait
  bool stopping = false;
  std::size_t busy = 0;  // threads that try something
  std::vector<std::thread> threads;
};

Deliverer::Deliverer(store::Database& database, Send webhook, Send mail, DelivererOptions options,
                     std::function<store::UnixMs()> clock, std::function<double()> chance,
                     spdlog::logger& log)
    : outbox_(database),
      tests_(database),
      webhook_(std::move(webhook)),
      mail_(std::move(mail)),
      options_(std::move(options)),
      clock_(std::move(clock)),
      chance_(std::move(chance)),
      log_(log),
      state_(std::make_unique<State>()) {}

Deliverer::~Deliverer() {
  stop(milliseconds(0), [] {});
}

void Deliverer::start() {
  for (std::size_t i = 0; i < options_.threads; ++i)
    state_->threads.emplace_back([this] { loop(); });
}

void Deliverer::stop(milliseconds grace, const std::function<void()>& cut) {
  {
    std::unique_lock lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
    state_->changed.wait_for(lock, grace, [this] { return state_->busy == 0; });
  }
  cut();
  for (auto& thread : state_->threads) thread.join();
  state_->threads.clear();
}

void Deliverer::wake() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->signals = std::min(state_->signals + 1, options_.threads);
  }
  state_->changed.notify_one();
}

void Deliverer::loop() {
  while (true) {
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->stopping) return;
      ++state_->busy;
    }
    const bool delivered = deliver_one();
    std::unique_lock lock(state_->mutex);
    --state_->busy;
    if (state_->stopping) state_->changed.notify_all();
    if (delivered) continue;
    if (state_->changed.wait_for(lock, options_.look_every,
                                 [this] { return state_->stopping || state_->signals > 0; }) &&
        state_->signals > 0)
      --state_->signals;
  }
}

// Somebody looks at what comes of a test.
Result<std::optional<store::Delivery>> Deliverer::claim(store::UnixMs now) {
  CAD_ASSIGN(auto test, tests_.claim(now, now + options_.lease.count()));
  if (test) return test;
  store::ClaimRules rules;
  rules.now = now;
  rules.lease_until = now + options_.lease.count();
  rules.mail_before = now - options_.mail_grace.count();
  const auto threads = static_cast<std::int64_t>(options_.threads);
  rules.most_of_lane = std::max<std::int64_t>(1, threads / 4);
  rules.most_of_account = std::max<std::int64_t>(1, threads * 3 / 4);
  return outbox_.claim(rules);
}

bool Deliverer::deliver_one() {
  const store::UnixMs now = clock_();
  const auto claimed = claim(now);
  if (!claimed)
    log_.error("event=outbox_failed reason={}", logging::quoted(claimed.error().message));
  if (!claimed || !*claimed) return false;
  wake();  // where one was due, more may be
  const store::Delivery& delivery = **claimed;
  const auto start = std::chrono::steady_clock::now();
  const Sent sent = send(delivery);
  const auto taken = std::chrono::steady_clock::now() - start;
  settle(delivery, sent, now, std::chrono::duration_cast<std::chrono::milliseconds>(taken).count());
  return true;
}

Sent Deliverer::send(const store::Delivery& delivery) const {
  const Send& how = delivery.kind == store::DeliveryKind::mail ? mail_ : webhook_;
  if (!how) return {Sent::Kind::give_up, std::nullopt, "No mail server is configured."};
  try {
    return how(delivery);
  } catch (const std::exception& fault) {  // of a library: no delivery may end its thread
    return {Sent::Kind::retry, std::nullopt, std::string("Fault: ") + fault.what()};
  }
}

void Deliverer::settle(const store::Delivery& delivery, const Sent& sent, store::UnixMs started,
                       std::int64_t duration_ms) {
  store::Attempt attempt;
  attempt.at = started;
  attempt.duration_ms = duration_ms;
  attempt.status = sent.status;
  if (sent.kind != Sent::Kind::delivered) attempt.error = sent.error;
  const bool is_test = delivery.event.name == store::EventName::test;
  auto state = store::DeliveryState::failed;
  store::UnixMs next_at = delivery.next_at;
  switch (sent.kind) {
    case Sent::Kind::delivered: state = store::DeliveryState::delivered; break;
    case Sent::Kind::skipped: state = store::DeliveryState::skipped; break;
    case Sent::Kind::give_up: break;
    case Sent::Kind::retry:
      if (is_test) break;
      if (const auto next = next_try(delivery.tries + 1, delivery.first_at.value_or(started),
                                     clock_(), sent.retry_after, options_.retry, chance_())) {
        state = store::DeliveryState::pending;
        next_at = *next;
      }
      break;
  }
  const auto done = is_test ? tests_.finish(delivery, state, attempt)
                            : outbox_.finish(delivery, state, next_at, attempt);
  // The lease ends by itself: it is then tried again.
  if (!done)
    log_.error("event=delivery_not_noted delivery={} reason={}", delivery.id,
               logging::quoted(done.error().message));
  // The receiver's name is the customer's: it is in the database, not in the log.
  log_.info(
      "event=delivery kind={} job={} name={} event_id={} try={} status={} state={} ms={} "
      "trace={}",
      store::to_string(delivery.kind), delivery.event.job_id, store::to_string(delivery.event.name),
      delivery.event.id, delivery.tries + 1, sent.status.value_or(0), store::to_string(state),
      duration_ms, trace::trace_id_of(delivery.event.trace));
  if (options_.on_settled) options_.on_settled(delivery, sent, state, milliseconds(duration_ms));
  wake();  // the next event of the job may have waited for this one
}

}  // namespace cad::webhooks
