// SPDX-License-Identifier: Apache-2.0
// Connections for whoever needs one. Dead ones are dropped; while the server is away attempts to
// reach it are rare and one at a time, and everybody else fails at once.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/postgres_connection.hpp"

namespace cad::store::postgres {

class Pool {
 public:
  explicit Pool(const PostgresOptions& options) : options_(options) {}

  // Gives itself back, unless it is broken or in the middle of something.
  class Lent {
   public:
    Lent(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lent(Lent&&) = default;
    Lent& operator=(Lent&&) = delete;
    ~Lent() {
      if (connection_) pool_->take_back(std::move(connection_));
    }
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  Result<Lent> lend();

 private:
  using Clock = std::chrono::steady_clock;

  Result<std::unique_ptr<Connection>> connect(std::unique_lock<std::mutex>& lock);
  void take_back(std::unique_ptr<Connection> connection);

  const PostgresOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;  // idle ones, lent ones, and those being made
  int failures_ = 0;
  Clock::time_point next_attempt_{};
  Error last_error_;
};

}  // namespace cad::store::postgres
