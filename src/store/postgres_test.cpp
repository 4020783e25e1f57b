// SPDX-License-Identifier: Apache-2.0
// What is PostgreSQL's own: connections that break, wait, and come back. (What every database must
// do is in contract_test.cpp and concurrency_test.cpp.)
#include "store/postgres.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/postgres_failure.hpp"
#include "store/testing/breaking_proxy.hpp"
#include "store/testing/databases.hpp"

namespace cad::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  return at == text.npos ? text : text.replace(at, what.size(), with);
}
// Of postgresql://user:password@host:port/name.
std::string password_of(const std::string& url) {
  const auto colon = url.find(':', url.find("://") + 3);
  return url.substr(colon + 1, url.find('@') - colon - 1);
}

class Postgres : public testing::Test {
 protected:
  void SetUp() override {
    const auto url = test_support::shared_server("postgres");
    if (!url) GTEST_SKIP() << "There is no postgres.";
    server_url_ = *url;
    options_.url = new_postgres_schema(*url);
  }
  std::unique_ptr<Database> open() {
    auto opened = open_postgres(options_);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  static std::int64_t count(Database& database) {
    return database.read("SELECT COUNT(*) FROM t", {}).value().rows.at(0).integer(0);
  }

  std::string server_url_;
  PostgresOptions options_;
};

TEST_F(Postgres, S25_no_error_tells_the_password) {
  const std::string password = password_of(options_.url);
  PostgresOptions wrong = options_;
  wrong.url = replaced(options_.url, password, "Geheim%21wort");
  const auto refused = open_postgres(wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, Not(HasSubstr("Geheim")));
  EXPECT_THAT(refused.error().message, HasSubstr("authentication failed"));
  for (const std::string url :
       {"postgresql://u:Geheim@[::1/x", "postgresql://u:Geheim@h/x?Geheim=1",
        "postgresql://u:Geheim%zz@h/x", "host=h password=Geheim", "postgresql://u:Geheim@h:x/y"}) {
    wrong.url = url;
    const auto bad = open_postgres(wrong);
    ASSERT_FALSE(bad) << url;
    // The port is only looked at when it is connected to.
    EXPECT_EQ(bad.error().code,
              url.ends_with(":x/y") ? ErrorCode::unavailable : ErrorCode::invalid_argument)
        << url;
    EXPECT_THAT(bad.error().message, Not(HasSubstr("Geheim"))) << url;
  }
  wrong.url = replaced(server_url_, server_url_.substr(server_url_.rfind('/')), "/none");
  EXPECT_EQ(open_postgres(wrong).error().code, ErrorCode::invalid_argument);
}

TEST_F(Postgres, S25_words_of_the_database_are_one_line_without_the_secret) {
  EXPECT_EQ(postgres::without_secret("a secret\nand \"secret\"\n", "secret"), "a *** and \"***\"");
  EXPECT_EQ(postgres::without_secret("nothing", ""), "nothing");
}

TEST_F(Postgres, failures_are_told_apart) {
  using postgres::Failure;
  const auto is = [](const char* state, Failure failure, ErrorCode code) {
    const auto judged = postgres::judge(state);
    EXPECT_EQ(judged.failure, failure) << state;
    EXPECT_EQ(judged.code, code) << state;
  };
  is("23505", Failure::refused, ErrorCode::conflict);
  is("23503", Failure::refused, ErrorCode::conflict);
  is("40001", Failure::rolled_back, ErrorCode::unavailable);
  is("40P01", Failure::rolled_back, ErrorCode::unavailable);
  is("57P01", Failure::lost, ErrorCode::unavailable);
  is("08006", Failure::lost, ErrorCode::unavailable);
  is("", Failure::lost, ErrorCode::unavailable);
  is("53300", Failure::refused, ErrorCode::unavailable);
  is("57014", Failure::refused, ErrorCode::unavailable);
  is("55P03", Failure::refused, ErrorCode::unavailable);
  is("42601", Failure::refused, ErrorCode::internal);
  is("22021", Failure::refused, ErrorCode::invalid_argument);
}

TEST_F(Postgres, integers_texts_and_nulls_come_back_and_nothing_else_does) {
  const auto database = open();
  const auto row =
      database
          ->read("SELECT $1, $2, CAST($3 AS TEXT), 1 = 1, 7",
                 {std::numeric_limits<std::int64_t>::min(), std::string("\xc3\x9f"), Value()})
          ->rows.at(0);
  EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.text(1), "\xc3\x9f");
  EXPECT_FALSE(row.maybe_text(2));
  EXPECT_EQ(row.integer(3), 1);
  EXPECT_EQ(row.integer(4), 7);
  const auto real = database->read("SELECT 1.5 AS share", {});
  ASSERT_FALSE(real);
  EXPECT_EQ(real.error().code, ErrorCode::internal);
  EXPECT_THAT(real.error().message, HasSubstr("share"));
}

TEST_F(Postgres, a_slow_statement_and_a_long_wait_for_a_row_end) {
  options_.statement_timeout = 300ms;
  options_.lock_timeout = 100ms;
  const auto database = open();
  const auto slow = database->read("SELECT 1 FROM pg_sleep(60)", {});
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code, ErrorCode::unavailable);
  ASSERT_TRUE(database->write("CREATE TABLE t (n BIGINT)", {}));
  ASSERT_TRUE(database->write("INSERT INTO t VALUES (1)", {}));
  Result<Rows> other = fail(ErrorCode::internal, "");
  EXPECT_TRUE(database->transaction([&](Session& session) -> Result<void> {
    CAD_TRY(session.run("UPDATE t SET n = 2", {}));
    other = database->write("UPDATE t SET n = 3", {});
    return {};
  }));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::unavailable);
  EXPECT_EQ(database->read("SELECT n FROM t", {})->rows.at(0).integer(0), 2);
}

TEST_F(Postgres, who_finds_no_free_connection_is_told_so_after_a_while) {
  options_.pool = 1;
  options_.wait_timeout = 50ms;
  const auto database = open();
  EXPECT_TRUE(database->transaction([&](Session&) -> Result<void> {
    const auto second = database->read("SELECT 1", {});
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_THAT(second.error().message, HasSubstr("in use"));
    return {};
  }));
  EXPECT_TRUE(database->read("SELECT 1", {}));
}

TEST_F(Postgres, many_threads_share_few_connections_and_no_more_are_made) {
  options_.pool = 2;
  options_.application_name = "pool of two " + crypto::random_hex(4);
  const auto database = open();
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0, most = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto seen =
            database->read("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = $1",
                           {options_.application_name});
        failed += !seen;
        if (seen) most = std::max<int>(most, static_cast<int>(seen->rows[0].integer(0)));
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_LE(most, 2);
}

TEST_F(Postgres, more_texts_than_are_kept_prepared_work) {
  options_.pool = 1;
  const auto database = open();
  for (int i = 0; i < 700; ++i) {
    const auto row = database->read("SELECT $1 + " + std::to_string(i), {std::int64_t{1}});
    ASSERT_TRUE(row) << row.error().message;
    ASSERT_EQ(row->rows[0].integer(0), i + 1);
  }
  EXPECT_LE(database->read("SELECT COUNT(*) FROM pg_prepared_statements", {})->rows[0].integer(0),
            300);
}

TEST_F(Postgres, a_statement_stays_good_when_a_migration_adds_a_column) {
  options_.pool = 1;
  const auto database = open(), other = open();
  ASSERT_TRUE(database->write("CREATE TABLE t (n BIGINT)", {}));
  ASSERT_TRUE(database->read("SELECT n FROM t", {}));
  ASSERT_TRUE(database->read("SELECT * FROM t", {}));
  ASSERT_TRUE(other->write("ALTER TABLE t ADD COLUMN m BIGINT NOT NULL DEFAULT 3", {}));
  EXPECT_TRUE(database->read("SELECT n FROM t", {}));
  EXPECT_TRUE(database->read("SELECT * FROM t", {})) << "on a new connection";
}

TEST_F(Postgres, a_transaction_that_loses_its_connection_is_run_anew_as_a_whole) {
  const auto database = open();
  ASSERT_TRUE(database->write("CREATE TABLE t (n BIGINT)", {}));
  int runs = 0;
  const auto done = database->transaction([&](Session& session) -> Result<void> {
    CAD_TRY(session.run("INSERT INTO t VALUES (1)", {}));
    CAD_ASSIGN(const Rows me, session.run("SELECT pg_backend_pid()", {}));
    if (++runs == 1) {
      EXPECT_TRUE(
          database->read("SELECT pg_terminate_backend(CAST($1 AS INT))", {me.rows[0].integer(0)}));
    }
    CAD_TRY(session.run("INSERT INTO t VALUES (2)", {}));
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(count(*database), 2);
}

// The answer to COMMIT never comes: whether it was done is asked for, not guessed.
TEST_F(Postgres, a_commit_without_an_answer_is_done_once) {
  BreakingProxy proxy(options_.url);
  options_.url = proxy.url();
  const auto database = open();
  ASSERT_TRUE(database->write("CREATE TABLE t (n BIGINT)", {}));
  for (const auto& [breaks, runs_expected] : {std::pair(BreakingProxy::Breaks::after_commit, 1),
                                              {BreakingProxy::Breaks::before_commit, 2}}) {
    proxy.arm(breaks);
    int runs = 0;
    const auto done = database->transaction([&](Session& session) -> Result<void> {
      ++runs;
      CAD_TRY(session.run("INSERT INTO t VALUES (1)", {}));
      return {};
    });
    EXPECT_TRUE(done) << done.error().message;
    EXPECT_TRUE(proxy.has_broken());
    EXPECT_EQ(runs, runs_expected);
  }
  EXPECT_EQ(count(*database), 2);
}

TEST_F(Postgres, who_waits_for_a_migration_too_long_is_told_whose_it_is) {
  options_.alone_timeout = 100ms;
  options_.application_name = "somebody's restore";
  const auto holder = open();
  options_.application_name = "another";
  const auto other = open();
  Result<void> second;
  std::string session;
  EXPECT_TRUE(holder->exclusively([&](Session& mine) -> Result<void> {
    CAD_ASSIGN(const Rows me, mine.run("SELECT pg_backend_pid()", {}));
    session = std::to_string(me.rows.at(0).integer(0));
    second = other->exclusively([](Session&) { return Result<void>(); });
    return {};
  }));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("somebody's restore"));
  EXPECT_THAT(second.error().message, HasSubstr("pg_terminate_backend(" + session + ")"));
  EXPECT_TRUE(other->exclusively([](Session&) { return Result<void>(); }));
}

TEST_F(Postgres, who_has_the_database_alone_and_hangs_is_ended) {
  options_.patient_idle_timeout = 100ms;
  const auto database = open();
  for (const auto alone : {&Database::exclusively, &Database::snapshot}) {
    const auto hung = ((*database).*alone)([](Session& session) -> Result<void> {
      std::this_thread::sleep_for(1s);
      CAD_TRY(session.run("SELECT 1", {}));
      return {};
    });
    ASSERT_FALSE(hung);
    EXPECT_EQ(hung.error().code, ErrorCode::unavailable);
  }
}

TEST_F(Postgres, the_size_of_a_pool_must_make_sense) {
  options_.pool = 0;
  EXPECT_EQ(open_postgres(options_).error().code, ErrorCode::invalid_argument);
}

// A server of its own, as it is stopped.
TEST(PostgresAway, calls_fail_while_it_is_away_and_work_again_by_themselves) {
  const auto server = test_support::TestServer::start("postgres");
  if (!server) GTEST_SKIP() << "There is no postgres.";
  PostgresOptions options;
  options.url = server->url();
  options.connect_timeout = 2s;
  const auto database = open_postgres(options).value();
  ASSERT_TRUE(database->write("CREATE TABLE t (n BIGINT)", {}));
  ASSERT_TRUE(server->tell("restart"));
  EXPECT_TRUE(database->read("SELECT n FROM t", {})) << "the dead connection is replaced";
  EXPECT_TRUE(database->write("INSERT INTO t VALUES (1)", {}));

  ASSERT_TRUE(server->tell("stop"));
  for (int i = 0; i < 3; ++i) {
    const auto away = database->read("SELECT n FROM t", {});
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, ErrorCode::unavailable);
    EXPECT_THAT(away.error().message, Not(HasSubstr(password_of(options.url))));
    EXPECT_EQ(database->transaction([](Session&) { return Result<void>(); }).error().code,
              ErrorCode::unavailable);
  }
  EXPECT_EQ(open_postgres(options).error().code, ErrorCode::unavailable);
  ASSERT_TRUE(server->tell("start"));
  bool back = false;
  for (int i = 0; i < 200 && !back; ++i) {
    back = database->write("INSERT INTO t VALUES (2)", {}).has_value();
    if (!back) std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(back);

  // One that says nothing any more is given up, too.
  options.statement_timeout = 500ms;
  options.connect_timeout = 2s;
  const auto hasty = open_postgres(options).value();
  options.statement_timeout = 60s;
  options.idle_before_ping = 0ms;
  options.ping_timeout = 200ms;
  const auto careful = open_postgres(options).value();
  ASSERT_TRUE(hasty->read("SELECT 1", {}));
  ASSERT_TRUE(careful->read("SELECT 1", {}));
  ASSERT_TRUE(server->tell("pause"));
  const auto silent = hasty->read("SELECT n FROM t", {});
  const auto asked_at = std::chrono::steady_clock::now();
  EXPECT_FALSE(careful->read("SELECT n FROM t", {}));
  EXPECT_LT(std::chrono::steady_clock::now() - asked_at, 30s) << "a ping has its own time";
  ASSERT_TRUE(server->tell("resume"));
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, ErrorCode::unavailable);
  back = false;
  for (int i = 0; i < 200 && !back; ++i) {
    back = hasty->read("SELECT n FROM t", {}).has_value();
    if (!back) std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(back);
}

}  // namespace
}  // namespace cad::store
