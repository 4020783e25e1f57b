// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <thread>

#include "store/postgres_pool.hpp"

namespace cad::store {
namespace {

using postgres::Connection;
using postgres::Failure;
using postgres::Pool;

constexpr int kTries = 8;
// Two numbers of 32 bits: ours, the same on every node, and the schema's.
constexpr const char* kAlone =
    "SELECT CAST(pg_advisory_xact_lock(499031876, hashtext(current_schema())) AS TEXT)";

// The session that holds it.
constexpr const char* kHolder =
    "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 499031876"
    " AND l.objid = CAST(CAST(hashtext(current_schema()) AS BIGINT) & 4294967295 AS OID)"
    " AND a.datname = current_database()";

// Of several that are in each other's way, each waits for another while.
void pause_before(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int most = 5 << std::min(attempt, 6);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(std::uniform_int_distribution<int>(1, most)(random)));
}

class PostgresDatabase : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options) : options_(options), pool_(options) {}

  Dialect dialect() const override { return Dialect::postgres; }

  Result<void> connect() {
    CAD_TRY(Connection::open(options_));
    return {};
  }

  // Reading twice does no harm: a connection that turns out to be dead is made anew once.
  Result<Rows> read(std::string_view sql, const Values& values) override {
    return alone(sql, values, true);
  }
  Result<Rows> write(std::string_view sql, const Values& values) override {
    return alone(sql, values, false);
  }

  Result<void> transaction(const std::function<Result<void>(Session&)>& body) override {
    Result<void> done;
    for (int i = 0; i < kTries; ++i) {
      if (i > 0) pause_before(i);
      CAD_ASSIGN(auto connection, pool_.lend());
      bool again = false;
      done = once(*connection, body, again);
      if (!again) return done;
    }
    return done;
  }

  // Other nodes may see a claim at once: it has to last.
  Result<void> transaction_for_now(const std::function<Result<void>(Session&)>& body) override {
    return transaction(body);
  }
  Result<void> exclusively(const std::function<Result<void>(Session&)>& body) override {
    CAD_ASSIGN(auto connection, Connection::open(options_));
    connection->set_patient(true);
    CAD_TRY(connection->command(
        "BEGIN; SET LOCAL statement_timeout = 0; " +
        set_local("lock_timeout", options_.alone_timeout) + "; " +
        set_local("idle_in_transaction_session_timeout", options_.patient_idle_timeout)));
    if (auto alone = connection->command(kAlone); !alone) {
      if (connection->failure() != Failure::refused) return tl::unexpected(alone.error());
      return fail(ErrorCode::unavailable, why_not_alone(*connection));
    }
    // A table that others use is waited for, but not for long: whoever comes later waits behind us.
    CAD_TRY(connection->command(set_local("lock_timeout", options_.lock_timeout)));
    CAD_TRY(body(*connection));
    return connection->commit();
  }

  Result<void> snapshot(const std::function<Result<void>(Session&)>& body) override {
    CAD_ASSIGN(auto connection, Connection::open(options_));
    connection->set_patient(true);
    CAD_TRY(connection->command(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
        " SET LOCAL statement_timeout = 0; " +
        set_local("idle_in_transaction_session_timeout", options_.patient_idle_timeout)));
    CAD_TRY(body(*connection));
    return connection->commit();
  }

 private:
  static std::string set_local(std::string_view name, std::chrono::milliseconds time) {
    return "SET LOCAL " + std::string(name) + " = " + std::to_string(time.count());
  }

  // Who it is, so that somebody can look after it. The transaction is over.
  std::string why_not_alone(Connection& connection) const {
    std::string why = "A migration or a restore of another process has had the database for more " +
                      std::string("than ") + std::to_string(options_.alone_timeout.count() / 1000) +
                      " s; try again when it has ended";
    const auto holder = connection.command(std::string("ROLLBACK; ") + kHolder);
    if (!holder || holder->rows.empty()) return why + ".";
    const std::string pid = std::to_string(holder->rows.front().integer(0));
    return why + ". It is session " + pid + " of the database's server (" +
           holder->rows.front().text(1) + "); if it hangs, end it with SELECT " +
           "pg_terminate_backend(" + pid + ").";
  }

  Result<Rows> alone(std::string_view sql, const Values& values, bool harmless) {
    Result<Rows> done;
    for (int i = 0; i < kTries; ++i) {
      if (i > 0) pause_before(i);
      CAD_ASSIGN(auto connection, pool_.lend());
      done = connection->run(sql, values);
      if (done) return done;
      const Failure failure = connection->failure();
      if (failure == Failure::lost && harmless) {
        harmless = false;
        continue;
      }
      if (failure != Failure::rolled_back) return done;
    }
    return done;
  }

  // `again`: nothing has happened, and the body may be run anew.
  Result<void> once(Connection& connection, const std::function<Result<void>(Session&)>& body,
                    bool& again) {
    // The transaction's number tells what became of it, should its COMMIT stay without an answer.
    const auto begun = connection.command("BEGIN; SELECT CAST(pg_current_xact_id() AS TEXT)");
    if (!begun) {
      again = connection.failure() == Failure::lost;
      return tl::unexpected(begun.error());
    }
    auto done = body(connection);
    again = connection.failure() == Failure::rolled_back || connection.failure() == Failure::lost;
    if (!done) {
      if (connection.failure() != Failure::lost) (void)connection.command("ROLLBACK");
      return done;
    }
    done = connection.commit();
    if (done) {
      again = false;
      return done;
    }
    if (connection.failure() != Failure::lost) {
      again = connection.failure() == Failure::rolled_back;
      return done;
    }
    return ask_about(begun->rows.at(0).text(0), again);
  }

  // The connection broke after COMMIT was sent.
  Result<void> ask_about(const std::string& number, bool& again) {
    again = false;
    const auto until = std::chrono::steady_clock::now() + options_.commit_timeout;
    while (std::chrono::steady_clock::now() < until) {
      const auto connection = Connection::open(options_);
      const auto found = connection
                             ? (*connection)->command("SELECT pg_xact_status('" + number + "')")
                             : Result<Rows>(tl::unexpected(connection.error()));
      const std::string fate = found ? found->rows.at(0).text(0) : "in progress";
      if (fate == "committed") return {};
      again = fate == "aborted";
      if (fate != "in progress") break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return fail(ErrorCode::unavailable,
                "The database went away before it said whether the change was made.");
  }

  const PostgresOptions options_;
  Pool pool_;
};

}  // namespace

bool is_postgres_url(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options) {
  if (options.pool < 1)
    return fail(ErrorCode::invalid_argument, "The database needs at least one connection.");
  auto database = std::make_unique<PostgresDatabase>(options);
  CAD_TRY(database->connect());
  return database;
}

Result<std::unique_ptr<Database>> open_database(const std::string& place) {
  if (!is_postgres_url(place)) return open_sqlite(place);
  PostgresOptions options;
  options.url = place;
  return open_postgres(options);
}

}  // namespace cad::store
