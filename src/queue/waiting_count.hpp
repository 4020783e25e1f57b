// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "store/database.hpp"

namespace cad::queue {

// How many jobs wait, for a bound that is asked at every upload. A thread of its own counts, so
// that no upload waits for that: every 100 ms while somebody asks, every 2 s when it is quiet, and
// so seldom that counting costs a twentieth of one thread. In between what this process adds and
// takes is reckoned in; other nodes' doings are seen with the next count.
class WaitingCount {
 public:
  explicit WaitingCount(store::Database& database) : database_(database) {}
  ~WaitingCount();
  WaitingCount(const WaitingCount&) = delete;
  WaitingCount& operator=(const WaitingCount&) = delete;

  // Waits for a count the first time, the first time after nobody has asked for a minute, and after
  // one that failed.
  Result<std::int64_t> get();
  void add(std::int64_t change);

 private:
  using Clock = std::chrono::steady_clock;

  void count_on();
  Result<std::int64_t> count();

  store::Database& database_;
  std::mutex mutex_;
  std::condition_variable wanted_, counted_;
  std::optional<std::int64_t> latest_;
  Error failure_;  // the last one, for those who wait for this very count
  std::uint64_t failures_ = 0;
  std::uint64_t asks_ = 0;  // of get() without a count
  Clock::time_point asked_at_{};
  bool stopping_ = false, touched_ = false;
  std::thread thread_;  // since the first get()
};

}  // namespace cad::queue
