// SPDX-License-Identifier: Apache-2.0
#include "jobs/event_hub.hpp"

#include <list>

namespace cad::jobs {

struct EventHub::State {
  mutable std::mutex mutex;
  std::unordered_map<std::string, std::list<std::function<void()>>> waiting;
  std::unordered_map<std::string, Progress> running;    // here
  std::unordered_map<std::string, Progress> elsewhere;  // of jobs that somebody here waits for
  Relay* relay = nullptr;
};

EventHub::EventHub() : state_(std::make_shared<State>()) {}
EventHub::~EventHub() { relay_by(nullptr); }

void EventHub::relay_by(Relay* relay) {
  const std::lock_guard lock(state_->mutex);
  state_->relay = relay;
}

std::shared_ptr<void> EventHub::subscribe(const std::string& job_id, std::function<void()> wake) {
  const std::lock_guard lock(state_->mutex);
  auto& list = state_->waiting[job_id];
  if (list.empty() && state_->relay != nullptr) state_->relay->listen(job_id);
  const auto place = list.insert(list.end(), std::move(wake));
  // The subscription may outlive the hub: it holds the state, not the hub.
  return std::shared_ptr<void>(nullptr, [state = state_, job_id, place](void*) {
    const std::lock_guard guard(state->mutex);
    const auto found = state->waiting.find(job_id);
    if (found == state->waiting.end()) return;
    found->second.erase(place);
    if (!found->second.empty()) return;
    state->waiting.erase(found);
    state->elsewhere.erase(job_id);
    if (state->relay != nullptr) state->relay->ignore(job_id);
  });
}

void EventHub::progress(const std::string& job_id, Progress progress) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->running[job_id] = progress;
  }
  wake(job_id);
  tell({Notice::Kind::progress, job_id, std::move(progress)});
}

std::optional<Progress> EventHub::latest(const std::string& job_id) const {
  const std::lock_guard lock(state_->mutex);
  for (const auto* known : {&state_->running, &state_->elsewhere})
    if (const auto found = known->find(job_id); found != known->end()) return found->second;
  return std::nullopt;
}

void EventHub::changed(const std::string& job_id, std::int64_t attempt) {
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->running.find(job_id);
    if (found != state_->running.end() && found->second.attempt <= attempt)
      state_->running.erase(found);
  }
  wake(job_id);
  tell({Notice::Kind::changed, job_id, {}});
}

void EventHub::removed(const std::string& job_id) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->running.erase(job_id);
  }
  stop_running(job_id);
  wake(job_id);
  tell({Notice::Kind::removed, job_id, {}});
}

void EventHub::heard(const Notice& notice) {
  {
    const std::lock_guard lock(state_->mutex);
    if (notice.kind != Notice::Kind::progress) {
      state_->elsewhere.erase(notice.job_id);
    } else if (state_->waiting.contains(notice.job_id)) {
      state_->elsewhere[notice.job_id] = notice.progress;
    }
  }
  if (notice.kind == Notice::Kind::removed) stop_running(notice.job_id);
  wake(notice.job_id);
}

std::vector<std::string> EventHub::awaited() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> ids;
  for (const auto& [id, list] : state_->waiting) ids.push_back(id);
  return ids;
}

void EventHub::announced() {
  const std::lock_guard lock(announcing_);
  if (on_announced_) on_announced_();
}

void EventHub::stop_running(const std::string& job_id) {
  const std::lock_guard lock(removing_);
  if (on_removed_) on_removed_(job_id);
}

void EventHub::tell(Notice notice) {
  const std::lock_guard lock(state_->mutex);
  if (state_->relay != nullptr) state_->relay->tell(std::move(notice));
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
