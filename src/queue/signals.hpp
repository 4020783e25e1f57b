// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace cad::queue {

// Wakes sleeping runners, as many as there are notices. Notices are kept, so that none is lost
// between a look and a sleep; `most` are enough, as a runner that wakes takes until there is
// nothing more.
class Signals {
 public:
  explicit Signals(std::int64_t most) : most_(most) {}

  void wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, time, [this] { return closed_ || signals_ > 0; }) && signals_ > 0)
      --signals_;
  }

  void notify() {
    {
      const std::lock_guard lock(mutex_);
      signals_ = std::min(signals_ + 1, most_);
    }
    changed_.notify_one();
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  const std::int64_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t signals_ = 0;
  bool closed_ = false;
};

}  // namespace cad::queue
