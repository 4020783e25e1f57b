// SPDX-License-Identifier: Apache-2.0
#include "mail/background.hpp"

#include <algorithm>
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
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Mail mail;
    int tries = 0;
    Clock::time_point due = Clock::now();
  };

  // One that has to wait lets the others by.
  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      const auto next =
          std::min_element(waiting.begin(), waiting.end(),
                           [](const auto& a, const auto& b) { return a.due < b.due; });
      if (next == waiting.end()) {
        changed.wait(lock);
      } else if (next->due > Clock::now()) {
        changed.wait_until(lock, Clock::time_point(next->due));
      } else {
        Waiting one = std::move(*next);
        waiting.erase(next);
        deliver(std::move(one), lock);
      }
    }
  }

  void deliver(Waiting one, std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    const auto sent = mailer->send(one.mail);
    const bool useless =
        !sent && (++one.tries == kTries || sent.error().code == ErrorCode::invalid_argument);
    if (useless) failed(sent.error().message);
    lock.lock();
    if (sent || useless) return;
    one.due = Clock::now() + kFirstPause * (1 << (2 * (one.tries - 1)));
    waiting.push_back(std::move(one));
  }

  Mailer* mailer = nullptr;
  std::function<void(const std::string&)> failed;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Waiting> waiting;
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
  if (!configured() || mail.to.empty()) return false;
  bool full = false;
  {
    const std::lock_guard lock(state_->mutex);
    full = state_->waiting.size() >= kMostWaiting;
    if (!full) state_->waiting.push_back({std::move(mail)});
  }
  if (full) {
    state_->failed("too many mails are waiting already");
    return false;
  }
  state_->changed.notify_all();
  return true;
}

}  // namespace cad::mail
