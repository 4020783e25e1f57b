// SPDX-License-Identifier: Apache-2.0
#include "queue/waiting_count.hpp"

#include <algorithm>

namespace cad::queue {
namespace {

using namespace std::chrono_literals;

constexpr auto kBusyPause = 100ms, kQuietPause = 2'000ms;
constexpr int kTries = 3;
constexpr auto kQuietAfter = 1s, kForgottenAfter = 60s;

}  // namespace

WaitingCount::~WaitingCount() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::int64_t> WaitingCount::get() {
  std::unique_lock lock(mutex_);
  asked_at_ = Clock::now();
  if (!thread_.joinable()) thread_ = std::thread([this] { count_on(); });
  if (latest_) return *latest_;
  const std::uint64_t before = failures_;
  ++asks_;
  wanted_.notify_one();
  counted_.wait(lock, [&] { return latest_.has_value() || failures_ != before; });
  if (!latest_) return tl::unexpected(failure_);
  return *latest_;
}

void WaitingCount::add(std::int64_t change) {
  const std::lock_guard lock(mutex_);
  touched_ = true;
  if (latest_) *latest_ = std::max<std::int64_t>(0, *latest_ + change);
}

void WaitingCount::count_on() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return stopping_ || Clock::now() - asked_at_ < kForgottenAfter; });
    if (stopping_) return;
    const auto start = Clock::now();
    // Whether a job that came meanwhile was counted is not known: then once more.
    for (int i = 0; i < kTries && (i == 0 || touched_); ++i) {
      touched_ = false;
      lock.unlock();
      auto counted = count();
      lock.lock();
      latest_.reset();
      if (counted) {
        latest_ = *counted;
      } else {
        failure_ = std::move(counted.error());
        ++failures_;
      }
    }
    const auto end = Clock::now();
    const std::uint64_t answered = asks_;
    counted_.notify_all();
    Clock::duration pause = end - asked_at_ < kQuietAfter ? kBusyPause : kQuietPause;
    if (latest_) pause = std::max<Clock::duration>(pause, 20 * (end - start));
    wanted_.wait_for(lock, pause, [&] { return stopping_ || (!latest_ && asks_ != answered); });
    if (Clock::now() - asked_at_ >= kForgottenAfter) latest_.reset();
  }
}

Result<std::int64_t> WaitingCount::count() {
  CAD_ASSIGN(const auto rows,
             database_.read("SELECT COUNT(*) FROM jobs WHERE status = 'PENDING'", {}));
  return rows.rows.at(0).integer(0);
}

}  // namespace cad::queue
