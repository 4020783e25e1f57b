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
  return {100ms, 500ms, {1000ms, 200ms}, 200ms};  // a clock that jumps is a test's
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
      thread_([this] { run(); }) {}

Sweeper::~Sweeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Sweeper::run() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  // Of many nodes one that has just started is no reason to walk through the store.
  auto store_at = Clock::now() + (duties_.shared ? times_.orphans : 0ms);
  while (!stopping_) {
    lock.unlock();
    if (is_my_duty(services_, duties_, "sweep_expired", times_.expired)) {
      report("expired", jobs::sweep_expired(services_, [this] { return stopping_.load(); }));
      sweep_accounts();
    }
    if (Clock::now() >= store_at) {
      if (is_my_duty(services_, duties_, "sweep_orphans", times_.orphans)) sweep_store();
      store_at = Clock::now() + times_.orphans;
    }
    lock.lock();
    stop_.wait_for(lock, times_.expired, [this] { return stopping_.load(); });
  }
}

void Sweeper::sweep_store() {
  const auto halves = leftovers_ ? leftovers_() : Result<std::size_t>(0);
  if (halves)
    report("leftovers", jobs::Swept{.objects = static_cast<std::int64_t>(*halves)});
  else
    report("leftovers", tl::unexpected(halves.error()));
  report("orphans",
         jobs::sweep_orphans(services_, duties_.shared ? times_.of_many : jobs::OrphanTimes{},
                             [this] { return stopping_.load(); }));
  services_.log.info("event=store_swept");
}

// Links, invitations, sessions and messages that are over.
void Sweeper::sweep_accounts() {
  const auto now = services_.clock();
  for (const Result<std::int64_t>& removed :
       {store::UserRepository(services_.database).remove_expired(now),
        store::SessionRepository(services_.database).remove_expired(now),
        store::OauthStateRepository(services_.database).remove_expired(now),
        store::MessageRepository(services_.database)
            .remove_older_than(now - std::chrono::milliseconds(accounts::kMessageLife).count())})
    if (!removed)
      services_.log.error("event=sweep_failed what=accounts reason={}",
                          logging::quoted(removed.error().message));
}

void Sweeper::report(std::string_view what, const Result<jobs::Swept>& swept) {
  if (!swept) {
    services_.log.error("event=sweep_failed what={} reason={}", what,
                        logging::quoted(swept.error().message));
  } else if (swept->jobs + swept->uploads + swept->objects + swept->tokens > 0) {
    services_.log.info("event=swept what={} jobs={} uploads={} objects={} tokens={}", what,
                       swept->jobs, swept->uploads, swept->objects, swept->tokens);
  }
}

}  // namespace cad::app
