// SPDX-License-Identifier: Apache-2.0
#include "app/exposure_mail.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "logging/quoted.hpp"

namespace cad::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::hours kOnceIn{1};
// A flood of exposed requests must cost neither memory nor a mailbox.
constexpr std::size_t kMostRemembered = 1000, kMostWaiting = 20;

std::string text_of(const http::Exposure& exposure) {
  std::string text =
      "A request with a credential reached this CADLens server over an unencrypted connection. It "
      "was refused and not processed, but others may have read it on its way.\n\n";
  text += "Where in the request: " + exposure.where + "\n";
  if (!exposure.key_prefix.empty()) text += "Key: " + exposure.key_prefix + "...\n";
  text += "From: " + exposure.remote + "\nPath: " + exposure.path + "\n\n";
  text +=
      "Revoke that credential, make a new one, and let its user call the https address. The same "
      "credential is not reported again within an hour.\n";
  return text;
}

}  // namespace

struct ExposureMail::State {
  State(const mail::OwnerMail& to, spdlog::logger& to_log) : owner(to), log(to_log) {}

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return stopping || !waiting.empty(); });
      if (stopping) return;
      const http::Exposure next = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      const auto sent =
          owner.notify_owner("A credential was sent unencrypted to CADLens", text_of(next));
      if (!sent)
        log.error("event=exposure_mail_failed reason={}", logging::quoted(sent.error().message));
      lock.lock();
    }
  }

  const mail::OwnerMail& owner;
  spdlog::logger& log;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Clock::time_point> told;
  std::deque<http::Exposure> waiting;
  bool stopping = false;
  std::thread thread;
};

ExposureMail::ExposureMail(const mail::OwnerMail& owner, spdlog::logger& log)
    : state_(std::make_unique<State>(owner, log)) {
  if (owner.configured()) state_->thread = std::thread([this] { state_->run(); });
}

ExposureMail::~ExposureMail() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

void ExposureMail::tell(const http::Exposure& exposure) {
  if (!state_->owner.configured()) return;
  const std::string what = exposure.where + "\n" + exposure.key_prefix;
  const auto now = Clock::now();
  {
    const std::lock_guard lock(state_->mutex);
    std::erase_if(state_->told, [&](const auto& row) { return now - row.second >= kOnceIn; });
    if (state_->told.contains(what) || state_->told.size() >= kMostRemembered ||
        state_->waiting.size() >= kMostWaiting)
      return;
    state_->told[what] = now;
    state_->waiting.push_back(exposure);
  }
  state_->changed.notify_one();
}

}  // namespace cad::app
