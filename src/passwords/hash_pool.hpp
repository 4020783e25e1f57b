// SPDX-License-Identifier: Apache-2.0
// A few threads for hashing passwords, which takes a quarter of a second of one core each time:
// away from the event loop and from the threads that answer requests, and stepping back for both.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cad::passwords {

struct HashPoolOptions {
  std::size_t threads = 0;   // 0: half as many as there are cores, at least one
  std::size_t waiting = 64;  // at most; what comes then is refused
};

class HashPool {
 public:
  explicit HashPool(HashPoolOptions options = {});
  ~HashPool();  // stop()
  HashPool(const HashPool&) = delete;
  HashPool& operator=(const HashPool&) = delete;

  // False when too much is waiting, or after stop(): the caller answers 503. `work` may not throw.
  bool submit(std::function<void()> work);
  // Waits for what is under way; what still waits is dropped and never runs.
  void stop();

  std::size_t threads() const { return threads_.size(); }

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::size_t most_waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cad::passwords
