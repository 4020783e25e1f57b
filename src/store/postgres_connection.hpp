// SPDX-License-Identifier: Apache-2.0
// One connection to PostgreSQL. libpq is never left to wait on its own: a server that is silent for
// too long is given up.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "store/postgres.hpp"
#include "store/postgres_failure.hpp"

namespace cad::store::postgres {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, Clear>;

// INVALID_ARGUMENT unless libpq understands the URL; its own words may quote it and are not used.
Result<void> check_url(const std::string& url);

class Connection : public Session {
 public:
  static Result<std::unique_ptr<Connection>> open(const PostgresOptions& options);

  Result<Rows> run(std::string_view sql, const Values& values) override;
  // Statements without parameters, one or more; the rows of the last one that has any.
  Result<Rows> command(const std::string& sql);

  Result<void> commit();

  // What the last failed run() or command() since forget_failure() means.
  Failure failure() const { return failure_; }
  void forget_failure() { failure_ = Failure::none; }
  bool in_transaction() const { return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE; }
  // Whether it may be lent: the server has not closed it, and answers when it was idle for long.
  bool is_alive();
  // Without a limit of time from now on: for statements that may take hours.
  void set_patient(bool patient) { patient_ = patient; }

 private:
  using Clock = std::chrono::steady_clock;

  explicit Connection(const PostgresOptions& options) : options_(options) {}
  Result<void> connect();
  Result<void> check_server();
  Result<void> settle();
  bool answers_soon();
  Result<std::string> prepared(std::string_view sql, const Values& values);
  // Sends what libpq holds and collects the answers; the last result.
  Result<ResultPtr> answer();
  Result<void> flush(Clock::time_point until);
  Result<void> wait(short events, Clock::time_point until);
  Result<Rows> rows_of(const PGresult* result);
  tl::unexpected<Error> failed(const PGresult* result);
  tl::unexpected<Error> lost(std::string_view why);
  Clock::time_point deadline() const;

  const PostgresOptions options_;
  std::unique_ptr<PGconn, Finish> handle_;
  std::string password_;
  std::unordered_map<std::string, std::string> statements_;  // text and types -> name
  std::uint64_t made_ = 0;
  Failure failure_ = Failure::none;
  bool broken_ = false, patient_ = false, pinging_ = false;
  Clock::time_point used_at_ = Clock::now();
};

}  // namespace cad::store::postgres
