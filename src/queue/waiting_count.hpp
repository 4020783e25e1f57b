// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>

#include "store/database.hpp"

namespace cad::queue {

// How many jobs wait, for a bound that is asked at every upload. Counted by the database at most
// every 100 ms, and so seldom that counting costs a twentieth of one thread; in between what this
// process adds and takes is reckoned in. Other nodes' doings are seen with the next count.
class WaitingCount {
 public:
  explicit WaitingCount(store::Database& database) : database_(database) {}

  Result<std::int64_t> get();
  void add(std::int64_t change);

 private:
  using Clock = std::chrono::steady_clock;

  store::Database& database_;
  std::mutex counting_;  // one at a time; the others take what is known
  std::mutex mutex_;
  bool known_ = false;
  std::int64_t count_ = 0;
  Clock::time_point next_{};
};

}  // namespace cad::queue
