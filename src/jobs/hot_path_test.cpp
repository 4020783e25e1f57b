// SPDX-License-Identifier: Apache-2.0
// However many jobs there are, no statement of the hot path reads more than it needs. The
// statements are those that the repositories really send: they are recorded.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "queue/queue.hpp"
#include "store/activity.hpp"
#include "store/audit.hpp"
#include "store/endpoints.hpp"
#include "store/oauth_states.hpp"
#include "store/outbox.hpp"
#include "store/repositories.hpp"
#include "store/sessions.hpp"
#include "store/testing/databases.hpp"
#include "store/testing/recording_database.hpp"
#include "store/usage.hpp"
#include "store/users.hpp"
#include "store/webhook_tests.hpp"

namespace cad::store {
namespace {

using namespace std::chrono_literals;

constexpr UnixMs kNow = 1'800'000'000'000;
constexpr double kMostRows = 3000;  // of one statement; the queue looks at each waiting account

// {n} rows, numbered i; {jobs} of them is 10^6 on PostgreSQL.
constexpr std::string_view kFill[] = {
    "INSERT INTO accounts (id, name, created_at) SELECT 'acc_' || i, 'n', i FROM {2000}",
    "INSERT INTO users (account_id, uuid, email, email_key, primary_provider, created_at)"
    " SELECT 'acc_' || i, 'u' || i, 'e', 'e' || i, 'password', i FROM {2000}",
    "INSERT INTO api_keys (id, account_id, name, prefix, hash, scopes, created_at, family)"
    " SELECT 'key_' || i, 'acc_' || (i % 2000 + 1), 'n', '', 'h' || i, '', i, 'key_' || i"
    " FROM {20000}",
    "UPDATE api_keys SET family = 'key_1', generation = 1 WHERE id = 'key_2'",
    // One in ten waits, half of those of one account; few are running.
    "INSERT INTO jobs (id, uuid, key_id, account_id, status, file_name, file_size, mime_type,"
    " format, sha256, created_at, updated_at, expires_at, progress, phase, attempt, failures,"
    " lease_owner, lease_until, available_at, turn_at, watched, upload_gone)"
    " SELECT 'job_' || i, 'u' || i, 'key_' || (i % 2000 + 1),"
    " 'acc_' || CASE WHEN i % 20 = 0 THEN 1 WHEN i % 20 = 10 THEN i % 200 + 1 ELSE i % 2000 + 1 "
    "END,"
    " CASE WHEN i % 10 = 0 THEN 'PENDING' WHEN i % 5001 = 1 THEN 'PROCESSING' ELSE 'COMPLETED' END,"
    " 'f', 1, 'm', 'dxf', '', {t} + i, 1, {t} + 604800000 + i, 0, '', 1, 0,"
    " CASE WHEN i % 5001 = 1 THEN 'other' END, CASE WHEN i % 5001 = 1 THEN {t} END, 1, {t} + i, 0,"
    " CASE WHEN i % 10 = 0 THEN 0 ELSE 1 END FROM {jobs}",
    "INSERT INTO parts SELECT 'job_' || i, 'result', 0, 1 FROM {100000}",
    "INSERT INTO idempotency SELECT 'key_' || (i % 2000 + 1), 't' || i, 'f', 'job_' || i, {t} + i"
    " FROM {50000}",
    "INSERT INTO events SELECT 'e' || i, 'job_' || i, 'acc_' || (i % 2000 + 1), 2, "
    "'job.completed', i"
    " FROM {100000}",
    // A third is still to be delivered, most of it to one host.
    "INSERT INTO deliveries (id, event_id, job_id, account_id, sequence, kind, target, endpoint_id,"
    " lane, state, tries, attempts, first_at, next_at, lease_until, ended_at) SELECT 'd' || i, 'e' "
    "|| i, 'job_' || i, 'acc_' || (i % 2000 + 1), 2,"
    " 'webhook', 'https://a.example/', NULL, CASE WHEN i % 30 = 0 THEN 'h' || (i % 300) ELSE 'a' "
    "END,"
    " CASE WHEN i % 3 = 0 THEN 'PENDING' ELSE 'DELIVERED' END, 0, 0, NULL, {t} + i, 0, NULL"
    " FROM {100000}",
    "INSERT INTO quota_months SELECT 'acc_' || i, 202601, 1 FROM {2000}",
    "INSERT INTO usage (account_id, day, key_id, format, requests) SELECT 'acc_' || (i % 400 + 1), "
    "20000 + i / 400, 'key_' || (i % 400 + 1),"
    " 'dxf', 25 FROM {100000}",
    "INSERT INTO sessions (id, account_id, user_agent, address, created_at, last_used_at,"
    " expires_at, token_until) SELECT 's' || i, 'acc_' || (i % 2000 + 1), '', '', 1, 1, {t} * 2,"
    " {t} * 2 FROM {20000}",
    "INSERT INTO refresh_tokens SELECT 'r' || i, 's' || (i % 20000 + 1), 1, {t} * 2, NULL"
    " FROM {60000}",
    "INSERT INTO account_turns SELECT 'acc_' || i, i FROM {2000}",
    "INSERT INTO registrations SELECT 'h' || i, 'e', 'e' || i, 'p', NULL, 1, {t} * 2 FROM {10000}",
    "INSERT INTO activity SELECT 'log_' || (10000000 + i), 'acc_' || (i % 2000 + 1), NULL, i, "
    "'job',"
    " 'info', 'm', NULL, NULL, NULL, '{}' FROM {50000}",
    "INSERT INTO audit SELECT i, i, 'acc_' || (i % 2000 + 1), '', 'e', '', '{}', 'k', 'p', 'h'"
    " FROM {20000}",
};

bool is_large(std::string_view table) {
  for (const std::string_view small :
       {"accounts", "users", "quota_months", "locks", "webhook_endpoints", "oauth_states",
        "invites", "account_tokens", "sign_in_links", "webhook_tests", "usage_spikes", "attempts"})
    if (table == small) return false;
  return true;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

template <class T>
T must(Result<T> result) {
  EXPECT_TRUE(result) << result.error().message;
  return std::move(result).value();
}

class HotPath : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-hot-" + std::to_string(::getpid()) + "-" + GetParam().name);
    std::filesystem::create_directories(dir_);
    place_ = GetParam().make(dir_.string());
    if (place_.empty()) GTEST_SKIP() << "There is no " << GetParam().name << ".";
    if (is_postgres_url(place_)) {
      PostgresOptions options;
      options.url = place_;
      options.statement_timeout = 600s;
      database_ = open_postgres(options).value();
    } else {
      database_ = open_database(place_).value();
    }
    ASSERT_TRUE(migrate(*database_, 1));
    fill();
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  bool postgres() const { return database_->dialect() == Dialect::postgres; }

  // What SQLite plans does not depend on how many rows there are.
  int scaled(int count) const { return postgres() ? count : std::min(count, 60'000); }
  std::string numbers(int count) const {
    const std::string n = std::to_string(scaled(count));
    return postgres()
               ? "generate_series(1, " + n + ") AS g(i)"
               : "(WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < " + n +
                     ") SELECT i FROM g)";
  }
  void fill() {
    const char* given = std::getenv("CADLENS_HOT_PATH_JOBS");
    const int jobs = given != nullptr ? std::max(60'000, std::atoi(given)) : 1'000'000;
    // References are looked up row by row, and no plan depends on them.
    if (postgres()) {
      for (const char* constraint :
           {"jobs DROP CONSTRAINT jobs_key_id_fkey", "jobs DROP CONSTRAINT jobs_account_id_fkey",
            "parts DROP CONSTRAINT parts_job_id_fkey", "events DROP CONSTRAINT events_job_id_fkey",
            "deliveries DROP CONSTRAINT deliveries_event_id_fkey"})
        ASSERT_TRUE(database_->write(std::string("ALTER TABLE ") + constraint, {}));
    }
    for (const std::string_view text : kFill) {
      std::string sql = replaced(std::string(text), "{t}", std::to_string(kNow - 1'000'000));
      sql = replaced(sql, "FROM {jobs}", "FROM " + numbers(jobs));
      if (const auto at = sql.rfind("FROM {"); at != sql.npos)
        sql = sql.substr(0, at) + "FROM " + numbers(std::atoi(sql.c_str() + at + 6));
      const auto done = database_->write(sql, {});
      ASSERT_TRUE(done) << done.error().message << "\n" << sql;
    }
    ASSERT_TRUE(database_->write("ANALYZE", {}));
  }

  // What a day of the service asks for.
  void use(Database& database) {
    use_jobs(database);
    use_queue(database);
    use_outbox(database);
    use_accounts(database);
    use_records(database);
  }
  void use_jobs(Database& database) {
    JobRepository jobs(database);
    IdempotencyRepository idempotency(database);
    KeyRepository keys(database);
    Job job = must(jobs.find("job_3"));
    job.id = job.uuid = "job_new";
    job.webhook_url = "https://new.example/";
    job.status = JobStatus::pending;
    job.created_at = kNow;
    const IdempotencyRecord record{job.key_id, "t_new", "f", "job_new", kNow};
    EXPECT_FALSE(idempotency.find(job.key_id, "t_new"));
    EXPECT_TRUE(must(jobs.insert(job, record, 1'000'000)));
    for (const bool whole : {true, false}) {
      const Viewer viewer{"acc_3", "key_3", whole};
      (void)jobs.find_seen("job_new", viewer);
      for (const auto& status : {std::optional<JobStatus>(), std::optional(JobStatus::failed)}) {
        EXPECT_TRUE(jobs.list(viewer, {.status = status, .limit = 50}));
        EXPECT_TRUE(jobs.list(viewer, {.status = status, .after = PageCursor{kNow, "job_5"}}));
      }
      EXPECT_TRUE(jobs.list(viewer, {.format = "DXF", .text = "plan"}));
    }
    EXPECT_TRUE(jobs.list({"acc_2", "key_2", false}, {})) << "of a key and the one before";
    EXPECT_TRUE(jobs.parts("job_3"));
    EXPECT_TRUE(jobs.mark_watched("job_3"));
    EXPECT_TRUE(jobs.mark_upload_gone("job_10", kNow));
    EXPECT_TRUE(jobs.expired(kNow - 900'000, 100));
    EXPECT_TRUE(jobs.with_upload_from_before(kNow - 900'000, 100));
    EXPECT_TRUE(jobs.ids_after("job_5", 100));
    EXPECT_TRUE(jobs.of_account("acc_7", 100));
    EXPECT_TRUE(idempotency.remove_older_than(kNow - 999'900));
    EXPECT_TRUE(idempotency.remove(record));
    EXPECT_TRUE(keys.find_by_hash("h7"));
    EXPECT_TRUE(keys.find("key_7"));
    EXPECT_TRUE(keys.touch("key_7", kNow));
    EXPECT_TRUE(keys.list("acc_7"));
    EXPECT_TRUE(jobs.remove("job_4"));
  }
  void use_queue(Database& database) {
    const auto queue = queue::make_database_queue(database, 4);
    JobRepository jobs(database);
    EXPECT_TRUE(queue->upkeep(kNow - 2'000'000));
    for (int i = 0; i < 3; ++i) {
      const auto taken = queue->take("me", kNow, 30s);
      ASSERT_TRUE(taken && *taken) << taken.error().message;
      const std::string id = (*taken)->job.id;
      const auto& lease = (*taken)->lease;
      EXPECT_TRUE(must(queue->renew(id, lease, kNow, 30s, 1, "x")));
      if (i == 0) {
        EXPECT_TRUE(must(queue->give_back(id, lease, kNow, kNow, false)));
      } else if (i == 1) {
        EXPECT_TRUE(must(jobs.complete(id, "me", lease.attempt, {{"pack", 0, 1}}, kNow)));
      } else {
        EXPECT_TRUE(must(jobs.fail_job(id, "me", lease.attempt, "X", "x", kNow, true)));
      }
    }
  }
  void use_outbox(Database& database) {
    OutboxRepository outbox(database);
    WebhookTestRepository tests(database);
    EXPECT_TRUE(tests.add({"tst_1", "e", "acc_5", "we_1", kNow}));
    const auto test = must(tests.claim(kNow, kNow + 1000));
    ASSERT_TRUE(test);
    EXPECT_TRUE(must(tests.finish(*test, DeliveryState::failed, {1, kNow, 5, 500, "no"})));
    EXPECT_TRUE(tests.remove_before(kNow));
    EXPECT_TRUE(outbox.next_due(1000));
    std::vector<Delivery> claimed;
    while (claimed.size() < 3) {
      auto one = must(outbox.claim({.now = kNow, .lease_until = kNow + 1000}));
      ASSERT_TRUE(one);
      claimed.push_back(std::move(*one));
    }
    const Attempt attempt{0, kNow, 5, 500, "no"};
    EXPECT_TRUE(must(outbox.finish(claimed[0], DeliveryState::pending, kNow + 9, attempt)));
    EXPECT_TRUE(must(outbox.finish(claimed[1], DeliveryState::delivered, kNow, attempt)));
    EXPECT_TRUE(outbox.resend(claimed[2].event.id, kNow));
    EXPECT_TRUE(outbox.attempts(claimed[0].id));
    EXPECT_TRUE(EndpointRepository(database).list("acc_7"));
  }
  void use_accounts(Database& database) {
    SessionRepository sessions(database);
    UserRepository users(database);
    EXPECT_TRUE(sessions.insert({"s_new", "acc_5", "", "", kNow, kNow, kNow * 2},
                                {"r_new", "s_new", kNow, kNow * 2}, "key_d", {}));
    EXPECT_TRUE(sessions.find("s_new", kNow));
    EXPECT_TRUE(sessions.find_by_refresh("r_new"));
    EXPECT_TRUE(sessions.rotate("r_new", {"r_next", "", kNow, kNow * 2}, kNow));
    EXPECT_TRUE(sessions.list("acc_5", kNow));
    EXPECT_TRUE(sessions.remove_expired(kNow));
    EXPECT_TRUE(users.find("acc_5"));
    EXPECT_TRUE(users.find_by_email("e5"));
    EXPECT_TRUE(users.find_registration("h5", kNow));
    EXPECT_TRUE(users.remove_expired(kNow));
    EXPECT_TRUE(OauthStateRepository(database).remove_expired(kNow));
  }
  void use_records(Database& database) {
    UsageRepository usage(database);
    AuditRepository audit(database);
    ActivityRepository activity(database);
    const UsageRange range{"acc_5", 20'000, 20'040, {}};
    EXPECT_TRUE(usage.used("acc_5", 202'601));
    EXPECT_TRUE(usage.by_key(range));
    EXPECT_TRUE(usage.by_day(range));
    for (const std::optional<std::string>& key : {std::optional<std::string>(), {"key_5"}})
      EXPECT_TRUE(usage.latencies({"acc_5", 20'000, 30'000, key}, 1000));
    EXPECT_TRUE(usage.history("acc_5", "key_5", 20'000, 20'028));
    EXPECT_TRUE(usage.spikes(range));
    EXPECT_TRUE(usage.remove_before(19'000, 202'401));
    Activity entry;
    entry.id = activity_id(kNow, 1);
    entry.account_id = "acc_5";
    entry.at = kNow;
    EXPECT_TRUE(activity.insert(std::span(&entry, 1)));
    EXPECT_TRUE(activity.list({.account_id = "acc_5", .limit = 50}));
    EXPECT_TRUE(activity.remove_before(1));
    EXPECT_TRUE(audit.append_after([](const std::optional<AuditRow>& last) {
      AuditRow row = last.value_or(AuditRow());
      ++row.seq;
      return row;
    }));
    EXPECT_TRUE(audit.last());
    EXPECT_TRUE(audit.after(100, 100));
    EXPECT_TRUE(audit.newest({}, 50));
    EXPECT_TRUE(audit.newest("acc_5", 50));
  }

  std::string plan_of(const std::string& sql, const Values& values) {
    std::string out;
    // Values of an INSERT are there already; what it reads is seen all the same.
    const bool runs = postgres() && !sql.starts_with("INSERT");
    const std::string explain = !postgres() ? "EXPLAIN QUERY PLAN "
                                : runs      ? "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) "
                                            : "EXPLAIN ";
    const auto undone = database_->transaction([&](Session& session) -> Result<void> {
      const auto rows = session.run(explain + sql, values);
      EXPECT_TRUE(rows) << rows.error().message << "\n" << sql;
      if (rows)
        for (const Row& row : rows->rows) out += row.text(postgres() ? 0 : 3) + "\n";
      return fail(ErrorCode::internal, "only a look");
    });
    EXPECT_FALSE(undone);
    return out;
  }

  std::filesystem::path dir_;
  std::string place_;
  std::unique_ptr<Database> database_;
};

double number_after(const std::string& line, const std::string& word) {
  const auto at = line.find(word);
  return at == line.npos ? 0 : std::atof(line.c_str() + at + word.size());
}

// What is wrong with a plan of PostgreSQL; empty: nothing.
std::string fault_in_postgres(const std::string& plan) {
  double rows = 0, loops = 1;
  for (std::size_t start = 0; start < plan.size();) {
    const auto end = plan.find('\n', start);
    const std::string line = plan.substr(start, end - start);
    start = end + 1;
    if (const auto at = line.find("Seq Scan on "); at != line.npos) {
      const std::string table = line.substr(at + 12, line.find(' ', at + 12) - at - 12);
      if (is_large(table)) return "reads all of " + table;
    }
    if (line.find("actual rows=") != line.npos) loops = number_after(line, "loops=");
    if (line.find(" Scan ") != line.npos) rows += number_after(line, "actual rows=") * loops;
    rows += (number_after(line, "Rows Removed by Filter: ") +
             number_after(line, "Rows Removed by Index Recheck: ")) *
            loops;
  }
  return rows > kMostRows ? "reads " + std::to_string(rows) + " rows" : "";
}

// "SCAN one ...": of a table that the statement makes for itself, a row an account or lane, or as
// many as its own limit.
bool is_of_own_table(std::string_view line) {
  if (!line.starts_with("SCAN ")) return false;
  const std::string_view table = line.substr(5, line.find(' ', 5) - 5);
  for (const std::string_view made : {"one", "heads", "lanes", "l", "w", "waiting", "CONSTANT"})
    if (table == made) return true;
  return false;
}

// A sort of what another line than the statement's own tables brings, ahead of a LIMIT; the last
// line of a recursive statement sorts what that has gathered.
bool sorts_a_backlog(const std::string& sql, const std::string& plan) {
  if (sql.find("LIMIT") == sql.npos) return false;
  std::string_view rest = plan, before;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool of_gathered = rest.empty() && sql.starts_with("WITH RECURSIVE");
    if (line == "USE TEMP B-TREE FOR ORDER BY" && !is_of_own_table(before) && !of_gathered)
      return true;
    before = line;
  }
  return false;
}

// An index that holds nothing but what runs, which is no more than there are workers.
bool is_of_what_runs(std::string_view line) {
  return line.find("USING INDEX jobs_running") != line.npos;
}

std::string fault_in_sqlite(const std::string& sql, const std::string& plan) {
  if (sorts_a_backlog(sql, plan)) return "sorts before it takes the first";
  // In the order of an index, up to a limit.
  const bool stops = sql.find("LIMIT") != sql.npos && plan.find("TEMP B-TREE") == plan.npos;
  for (std::size_t start = 0; start < plan.size();) {
    const auto end = plan.find('\n', start);
    const std::string line = plan.substr(start, end - start);
    start = end + 1;
    if (!line.starts_with("SCAN ") || is_of_what_runs(line)) continue;
    const std::string table = line.substr(5, line.find(' ', 5) - 5);
    if (!is_of_own_table(line) && is_large(table) && !stops) return "reads all of " + table;
  }
  return "";
}

TEST_P(HotPath, every_statement_finds_its_rows_by_an_index) {
  if (HasFatalFailure() || IsSkipped()) return;
  RecordingDatabase recording(*database_);
  use(recording);
  EXPECT_GT(recording.statements().size(), 60u);
  for (const auto& [sql, values] : recording.statements()) {
    const std::string plan = plan_of(sql, values);
    const std::string fault = postgres() ? fault_in_postgres(plan) : fault_in_sqlite(sql, plan);
    EXPECT_EQ(fault, "") << sql << "\n" << plan;
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, HotPath, every_database(), name_of);

}  // namespace
}  // namespace cad::store
