// SPDX-License-Identifier: Apache-2.0
#include "health/probe.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace cad::health {

using Clock = std::chrono::steady_clock;

struct Probe::State {
  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return stopping || wanted; });
      if (stopping) return;
      lock.unlock();
      Result<void> said = ask();
      lock.lock();
      last = std::move(said);
      last_at = Clock::now();
      wanted = false;
      changed.notify_all();
    }
  }

  Result<void> ask() const {
    try {
      return check();
    } catch (const std::exception& fault) {
      return fail(ErrorCode::internal, fault.what());
    }
  }

  Check check;
  ProbeTimes times;
  std::mutex mutex;
  std::condition_variable changed;
  bool wanted = false, stopping = false;
  Clock::time_point wanted_at, last_at;
  std::optional<Result<void>> last;
  std::thread thread;
};

Probe::Probe(Check check, ProbeTimes times) : state_(std::make_unique<State>()) {
  state_->check = std::move(check);
  state_->times = times;
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Probe::~Probe() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  state_->thread.join();
}

Result<void> Probe::state() {
  begin();
  return finish();
}

void Probe::begin() {
  State& own = *state_;
  const std::lock_guard lock(own.mutex);
  if (own.wanted || (own.last && Clock::now() - own.last_at < own.times.good_for)) return;
  own.wanted = true;
  own.wanted_at = Clock::now();
  own.changed.notify_all();
}

Result<void> Probe::finish() {
  State& own = *state_;
  std::unique_lock lock(own.mutex);
  // Whoever comes late to a check that hangs does not wait at all.
  const auto until = own.wanted_at + own.times.patience;
  if (own.changed.wait_until(lock, until, [&own] { return !own.wanted; })) return *own.last;
  return fail(ErrorCode::unavailable, "There was no answer in time.");
}

void Readiness::add(std::string name, Weight weight, Probe::Check check, ProbeTimes times) {
  entries_.push_back({std::move(name), weight, std::make_unique<Probe>(std::move(check), times)});
}

std::vector<Readiness::Part> Readiness::report() const {
  for (const Entry& entry : entries_) entry.probe->begin();
  std::vector<Part> parts;
  for (const Entry& entry : entries_)
    parts.push_back({entry.name, entry.weight, entry.probe->finish().has_value()});
  return parts;
}

bool Readiness::is_good(std::string_view name) const {
  for (const Entry& entry : entries_)
    if (entry.name == name) return entry.probe->state().has_value();
  return true;
}

}  // namespace cad::health
