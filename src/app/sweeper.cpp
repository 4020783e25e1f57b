// SPDX-License-Identifier: Apache-2.0
#include "app/sweeper.hpp"

#include <spdlog/spdlog.h>

#include "accounts/messages.hpp"
#include "logging/quoted.hpp"
#include "store/duties.hpp"
#include "store/oauth_states.hpp"
#include "store/sessions.hpp"
#include "store/users.hpp"

namespace cad::app {

using namespace std::chrono_literals;

SweepTimes sweep_times(const Config& config) {
  if (config.clock_file.empty()) return {};
  return {100ms, 500ms, {30s, 200ms}, 200ms};  // a clock that jumps is a test's
}

bool is_my_duty(const jobs::Services& services, const NodeDuties& duties, std::string_view name,
                std::chrono::milliseconds every) {
  if (!duties.shared) return true;
  const store::UnixMs now = services.clock();
  // Long enough for its next turn: a duty that wandered would start anew each time.
  const auto mine = store::DutyRepository(services.database)
                        .take(name, duties.node, now, now + 3 * every.count());
  if (!mine)
    services.log.error("event=duty_failed name={} reason={}", name,
                       logging::quoted(mine.error().message));
  return mine.value_or(false);
}

Sweeper::Sweeper(const jobs::Services& services, NodeDuties duties, SweepTimes times,
                 SweepLeftovers leftovers)
    : services_(services),
      duties_(std::move(duties)),
      times_(times),
      leftovers_(std::move(leftovers)),
      expired_([this] { repeat(0ms, times_.expired, &Sweeper::sweep_expired); }),
      // Of many nodes one that has just started is no reason to walk through the store.
      store_([this] {
        repeat(duties_.shared ? times_.orphans : 0ms, times_.orphans, &Sweeper::sweep_store);
      }) {}

Sweeper::~Sweeper() {
  ask_to_stop();
  expired_.join();
  store_.join();
}

void Sweeper::ask_to_stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
}

void Sweeper::repeat(std::chrono::milliseconds first, std::chrono::milliseconds every,
                     void (Sweeper::*sweep)()) {
  std::unique_lock lock(mutex_);
  for (auto pause = first;; pause = every) {
    if (stop_.wait_for(lock, pause, [this] { return stopping_.load(); })) return;
    lock.unlock();
    (this->*sweep)();
    lock.lock();
  }
}

void Sweeper::sweep_expired() {
  if (!is_my_duty(services_, duties_, "sweep_expired", times_.expired) || stopping_) return;
  report("expired", jobs::sweep_expired(services_, [this] { return stopping_.load(); }));
  sweep_accounts();
}

// The walk takes as long as the store is large: it is said when it has come to its end.
void Sweeper::sweep_store() {
  if (!is_my_duty(services_, duties_, "sweep_orphans", times_.orphans) || stopping_) return;
  const auto halves = leftovers_();
  const bool no_halves = report("leftovers", halves.map([](std::size_t count) {
    return jobs::Swept{.objects = static_cast<std::int64_t>(count)};
  }));
  if (stopping_) return;
  const bool no_orphans =
      report("orphans",
             jobs::sweep_orphans(services_, duties_.shared ? times_.of_many : jobs::OrphanTimes{},
                                 [this] { return stopping_.load(); }));
  if (no_halves && no_orphans && !stopping_) services_.log.info("event=store_swept");
}

// Links, invitations, sessions and messages that are over. A stop does not wait for each of them.
void Sweeper::sweep_accounts() {
  store::Database& database = services_.database;
  const auto now = services_.clock();
  const auto oldest = now - std::chrono::milliseconds(accounts::kMessageLife).count();
  const std::function<Result<std::int64_t>()> steps[] = {
      [&] { return store::UserRepository(database).remove_expired(now); },
      [&] { return store::SessionRepository(database).remove_expired(now); },
      [&] { return store::OauthStateRepository(database).remove_expired(now); },
      [&] { return store::MessageRepository(database).remove_older_than(oldest); }};
  for (const auto& step : steps) {
    if (stopping_) return;
    if (const auto removed = step(); !removed)
      services_.log.error("event=sweep_failed what=accounts reason={}",
                          logging::quoted(removed.error().message));
  }
}

bool Sweeper::report(std::string_view what, const Result<jobs::Swept>& swept) {
  if (!swept) {
    services_.log.error("event=sweep_failed what={} reason={}", what,
                        logging::quoted(swept.error().message));
  } else if (swept->jobs + swept->uploads + swept->objects + swept->tokens > 0) {
    services_.log.info("event=swept what={} jobs={} uploads={} objects={} tokens={}", what,
                       swept->jobs, swept->uploads, swept->objects, swept->tokens);
  }
  return swept.has_value();
}

}  // namespace cad::app
