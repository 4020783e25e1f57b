// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_pool.hpp"

#include <algorithm>

namespace cad::store::postgres {
namespace {

constexpr std::chrono::milliseconds kFirstPause{100}, kLongestPause{3000};

std::chrono::milliseconds pause_after(int failures) {
  return std::min(kLongestPause, kFirstPause * (1 << std::min(failures - 1, 10)));
}

}  // namespace

Result<Pool::Lent> Pool::lend() {
  const auto until = Clock::now() + options_.wait_timeout;
  std::unique_lock lock(mutex_);
  while (true) {
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      lock.unlock();
      if (connection->is_alive()) {
        connection->forget_failure();
        return Lent(*this, std::move(connection));
      }
      // Where one is dead the others mostly are: nobody waits for each of them to be found out.
      lock.lock();
      std::vector<std::unique_ptr<Connection>> dead;
      dead.swap(idle_);
      open_ -= static_cast<int>(dead.size()) + 1;
      lock.unlock();
      dead.clear();
      connection.reset();
      lock.lock();
    }
    const bool may_try = failures_ == 0 || Clock::now() >= next_attempt_;
    if (open_ < options_.pool && may_try) {
      auto made = connect(lock);
      if (made) return Lent(*this, std::move(*made));
      if (open_ == 0) return tl::unexpected(std::move(made.error()));
    } else if (open_ == 0) {
      return tl::unexpected(last_error_);
    }
    if (changed_.wait_until(lock, until) == std::cv_status::timeout && idle_.empty())
      return fail(ErrorCode::unavailable,
                  "All connections to the database are in use; try again in a few seconds.");
  }
}

Result<std::unique_ptr<Connection>> Pool::connect(std::unique_lock<std::mutex>& lock) {
  // Of many callers one finds out whether the server is back.
  if (failures_ > 0) next_attempt_ = Clock::now() + options_.connect_timeout;
  ++open_;
  lock.unlock();
  auto made = Connection::open(options_);
  lock.lock();
  if (made) {
    failures_ = 0;
    return made;
  }
  --open_;
  ++failures_;
  next_attempt_ = Clock::now() + pause_after(failures_);
  // A password that was refused may be right again when the server has its files: no call fails
  // for good.
  last_error_ = {ErrorCode::unavailable, made.error().message};
  changed_.notify_all();
  return tl::unexpected(last_error_);
}

void Pool::take_back(std::unique_ptr<Connection> connection) {
  const bool good = connection->failure() != Failure::lost && !connection->in_transaction();
  if (!good) connection.reset();
  {
    const std::lock_guard lock(mutex_);
    if (good)
      idle_.push_back(std::move(connection));
    else
      --open_;
  }
  changed_.notify_one();
}

}  // namespace cad::store::postgres
