// SPDX-License-Identifier: Apache-2.0
#include "mail/background.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace cad::mail {
namespace {

constexpr std::size_t kMostWaiting = 1000;
constexpr int kTries = 4;
constexpr std::chrono::seconds kFirstPause{2};

}  // namespace

struct BackgroundMailer::State {
  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return stopping || !waiting.empty(); });
      if (stopping) return;
      const Mail mail = std::move(waiting.front());
      waiting.pop_front();
      deliver(mail, lock);
    }
  }

  // Unlocked while it sends; waits between the tries, unless all is to stop.
  void deliver(const Mail& mail, std::unique_lock<std::mutex>& lock) {
    auto pause = kFirstPause;
    for (int i = 1;; ++i, pause *= 4) {
      lock.unlock();
      const auto sent = mailer->send(mail);
      if (!sent && (i == kTries || sent.error().code == ErrorCode::invalid_argument))
        failed(sent.error().message);
      lock.lock();
      if (sent || i == kTries || sent.error().code == ErrorCode::invalid_argument) return;
      if (changed.wait_for(lock, pause, [this] { return stopping; })) return;
    }
  }

  Mailer* mailer = nullptr;
  std::function<void(const std::string&)> failed;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Mail> waiting;
  bool stopping = false;
  std::thread thread;
};

BackgroundMailer::BackgroundMailer(Mailer* mailer,
                                   std::function<void(const std::string& reason)> failed)
    : state_(std::make_unique<State>()) {
  state_->mailer = mailer;
  state_->failed = std::move(failed);
  if (mailer != nullptr) state_->thread = std::thread([this] { state_->run(); });
}

BackgroundMailer::~BackgroundMailer() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

bool BackgroundMailer::configured() const { return state_->mailer != nullptr; }

bool BackgroundMailer::send(Mail mail) {
  if (!configured()) return false;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->waiting.size() >= kMostWaiting) return false;
    state_->waiting.push_back(std::move(mail));
  }
  state_->changed.notify_all();
  return true;
}

}  // namespace cad::mail
