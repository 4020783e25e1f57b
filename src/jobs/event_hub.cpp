// SPDX-License-Identifier: Apache-2.0
#include "jobs/event_hub.hpp"

#include <list>
#include <vector>

namespace cad::jobs {

struct EventHub::State {
  mutable std::mutex mutex;
  std::unordered_map<std::string, std::list<std::function<void()>>> waiting;
  std::unordered_map<std::string, Progress> running;
};

EventHub::EventHub() : state_(std::make_shared<State>()) {}
EventHub::~EventHub() = default;

std::shared_ptr<void> EventHub::subscribe(const std::string& job_id, std::function<void()> wake) {
  const std::lock_guard lock(state_->mutex);
  auto& list = state_->waiting[job_id];
  const auto place = list.insert(list.end(), std::move(wake));
  // The subscription may outlive the hub: it holds the state, not the hub.
  return std::shared_ptr<void>(nullptr, [state = state_, job_id, place](void*) {
    const std::lock_guard guard(state->mutex);
    const auto found = state->waiting.find(job_id);
    if (found == state->waiting.end()) return;
    found->second.erase(place);
    if (found->second.empty()) state->waiting.erase(found);
  });
}

void EventHub::progress(const std::string& job_id, Progress progress) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->running[job_id] = std::move(progress);
  }
  wake(job_id);
}

std::optional<Progress> EventHub::latest(const std::string& job_id) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->running.find(job_id);
  return found == state_->running.end() ? std::nullopt : std::optional(found->second);
}

void EventHub::changed(const std::string& job_id) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->running.erase(job_id);
  }
  if (on_change_) on_change_();
  wake(job_id);
}

// Called under no lock: a wake may end its own subscription.
void EventHub::wake(const std::string& job_id) {
  std::vector<std::function<void()>> calls;
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->waiting.find(job_id);
    if (found == state_->waiting.end()) return;
    calls.assign(found->second.begin(), found->second.end());
  }
  for (const auto& call : calls) call();
}

}  // namespace cad::jobs
