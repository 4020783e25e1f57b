// SPDX-License-Identifier: Apache-2.0
#include "queue/waiting_count.hpp"

#include <algorithm>

namespace cad::queue {

Result<std::int64_t> WaitingCount::get() {
  std::unique_lock counting(counting_, std::defer_lock);
  {
    const std::lock_guard lock(mutex_);
    if (known_ && (Clock::now() < next_ || !counting.try_lock())) return count_;
  }
  if (!counting.owns_lock()) counting.lock();
  const auto start = Clock::now();
  CAD_ASSIGN(const auto rows,
             database_.read("SELECT COUNT(*) FROM jobs WHERE status = 'PENDING'", {}));
  const auto end = Clock::now();
  const std::lock_guard lock(mutex_);
  count_ = rows.rows.at(0).integer(0);
  known_ = true;
  next_ = end + std::max<Clock::duration>(std::chrono::milliseconds(100), 20 * (end - start));
  return count_;
}

void WaitingCount::add(std::int64_t change) {
  const std::lock_guard lock(mutex_);
  count_ = std::max<std::int64_t>(0, count_ + change);
}

}  // namespace cad::queue
