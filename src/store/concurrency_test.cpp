// SPDX-License-Identifier: Apache-2.0
// Several nodes on one database, at the same time: what must be counted, taken or made once is.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <latch>
#include <set>
#include <thread>

#include "store/audit.hpp"
#include "store/endpoints.hpp"
#include "store/identities.hpp"
#include "store/outbox.hpp"
#include "store/repositories.hpp"
#include "store/sessions.hpp"
#include "store/testing/databases.hpp"
#include "store/usage.hpp"
#include "store/users.hpp"

namespace cad::store {
namespace {

using namespace std::chrono_literals;

constexpr int kNodes = 4;

class ManyNodes : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-nodes-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    nodes_.resize(kNodes);
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place_, nodes_[0]);
    for (int i = 1; i < kNodes; ++i) nodes_[i] = open_database(place_).value();
  }
  void TearDown() override {
    nodes_.clear();
    std::filesystem::remove_all(dir_);
  }

  Database& database() { return *nodes_[0]; }
  // An account with a user and a key.
  void add_account(const std::string& id) {
    ASSERT_TRUE(migrate(database(), 1));
    User user;
    user.account_id = id;
    user.uuid = user.email = user.email_key = id;
    user.password_hash = "old";
    ASSERT_TRUE(UserRepository(database()).insert(user, {}));
    ApiKey key{.id = "key of " + id,
               .account_id = id,
               .name = "n",
               .prefix = "",
               .hash = id,
               .scopes = "parse",
               .created_at = 5};
    ASSERT_TRUE(KeyRepository(database()).insert(key));
  }
  static Job job(const std::string& id, const std::string& account = "acc") {
    Job out;
    out.id = out.uuid = id;
    out.key_id = "key of " + account;
    out.account_id = account;
    out.format = "dxf";
    out.created_at = out.updated_at = 100;
    return out;
  }
  void announce(const Job& made) {
    ASSERT_TRUE(JobRepository(database()).insert(made, {}).value());
    ASSERT_TRUE(database().transaction([&](Session& session) -> Result<void> {
      CAD_TRY(record_event(session, made, EventName::processing, 150));
      return {};
    }));
  }
  // Runs the work on every node at the same moment; how often it said yes.
  int on_all(const std::function<bool(Database&, int)>& work) {
    std::latch start(kNodes);
    std::atomic<int> yes = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kNodes; ++i)
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        yes += work(*nodes_[i], i);
      });
    for (auto& thread : threads) thread.join();
    return yes;
  }
  SessionRecord session(const std::string& id) {
    return {id, "acc", "agent", "192.0.2.1", 100, 100, 10'000};
  }

  std::filesystem::path dir_;
  std::string place_;
  std::vector<std::unique_ptr<Database>> nodes_;
};

TEST_P(ManyNodes, migrations_run_once_whoever_comes_first) {
  EXPECT_EQ(on_all([](Database& node, int) { return migrate(node, 1).has_value(); }), kNodes);
  const auto versions = database().read("SELECT COUNT(*), MAX(version) FROM schema_migrations", {});
  EXPECT_EQ(versions->rows[0].integer(0), versions->rows[0].integer(1));
}

TEST_P(ManyNodes, S23_exactly_the_requests_within_a_quota_are_accepted) {
  add_account("acc");
  std::atomic<int> accepted = 0;
  on_all([&](Database& node, int n) {
    for (int i = 0; i < 10; ++i)
      accepted += JobRepository(node)
                      .insert(job("job_" + std::to_string(n) + "_" + std::to_string(i)), {}, 17)
                      .value();
    return true;
  });
  EXPECT_EQ(accepted, 17);
  UsageRepository usage(database());
  EXPECT_EQ(usage.used("acc", month_of(100)).value(), 17);
  EXPECT_EQ(database().read("SELECT COUNT(*) FROM jobs", {})->rows[0].integer(0), 17);
  EXPECT_EQ(usage.by_day({"acc", 0, 1}).value().at(0).formats.at("dxf"), 17);
}

TEST_P(ManyNodes, a_request_given_back_is_given_back_once) {
  add_account("acc");
  ASSERT_TRUE(JobRepository(database()).insert(job("job"), {}).value());
  ASSERT_TRUE(JobRepository(database()).insert(job("other"), {}).value());
  ASSERT_TRUE(database().write(
      "UPDATE jobs SET status = 'PROCESSING', lease_owner = 'me', attempt = 1", {}));
  EXPECT_EQ(on_all([](Database& node, int) {
              return JobRepository(node).fail_job("job", "me", 1, "X", "x", 200, true).value();
            }),
            1);
  EXPECT_EQ(UsageRepository(database()).used("acc", month_of(100)).value(), 1);
}

TEST_P(ManyNodes, an_idempotency_key_makes_one_job) {
  add_account("acc");
  EXPECT_EQ(on_all([](Database& node, int n) {
              const std::string id = "job_" + std::to_string(n);
              return JobRepository(node)
                  .insert(job(id), IdempotencyRecord{"key of acc", "token", "f", id, 100})
                  .has_value();
            }),
            1);
  EXPECT_EQ(database().read("SELECT id FROM jobs", {})->rows.size(), 1u);
  EXPECT_EQ(UsageRepository(database()).used("acc", month_of(100)).value(), 1);
}

TEST_P(ManyNodes, an_old_idempotency_record_takes_no_new_one_with_it) {
  add_account("acc");
  const IdempotencyRecord old{"key of acc", "token", "f", "job_a", 100};
  ASSERT_TRUE(JobRepository(database()).insert(job("job_a"), old).value());
  IdempotencyRepository records(database());
  ASSERT_TRUE(records.remove(old));
  const IdempotencyRecord next{"key of acc", "token", "f", "job_b", 200};
  ASSERT_TRUE(JobRepository(database()).insert(job("job_b"), next).value());
  ASSERT_TRUE(records.remove(old));  // by a node that had found it before
  EXPECT_EQ(records.find("key of acc", "token")->job_id, "job_b");
}

TEST_P(ManyNodes, S22_a_delivery_is_one_nodes) {
  add_account("acc");
  for (int i = 0; i < 40; ++i) {
    Job made = job("job_" + std::to_string(i));
    made.webhook_url = "https://host" + std::to_string(i) + ".example/";
    ASSERT_TRUE(JobRepository(database()).insert(made, {}).value());
  }
  ASSERT_TRUE(database().write(
      "UPDATE jobs SET status = 'PROCESSING', lease_owner = 'me', attempt = 1", {}));
  for (int i = 0; i < 40; ++i)
    ASSERT_TRUE(JobRepository(database()).complete("job_" + std::to_string(i), "me", 1, {}, 200));
  std::mutex mutex;
  std::multiset<std::string> claimed;
  on_all([&](Database& node, int) {
    for (int empty = 0; empty < 3;) {
      const auto some =
          OutboxRepository(node).claim({.now = 300, .lease_until = 400, .most_of_account = 1000});
      EXPECT_TRUE(some) << some.error().message;
      empty += !some || !*some;
      const std::lock_guard lock(mutex);
      if (some && *some) claimed.insert((*some)->id);
    }
    return true;
  });
  EXPECT_EQ(claimed.size(), 40u);
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), 40u);
}

TEST_P(ManyNodes, S22_the_shares_of_an_account_and_of_a_host_are_of_all_nodes) {
  add_account("acc");
  for (int i = 0; i < 40; ++i) {
    Job made = job("job_" + std::to_string(i));
    made.webhook_url = "https://host" + std::to_string(i % 20) + ".example/" + std::to_string(i);
    announce(made);
  }
  const auto claimed = [this](const ClaimRules& rules) {
    std::atomic<int> count = 0;
    on_all([&](Database& node, int) {
      for (int i = 0; i < 20; ++i) count += OutboxRepository(node).claim(rules).value().has_value();
      return true;
    });
    return count.load();
  };
  EXPECT_EQ(claimed({.now = 300, .lease_until = 400, .most_of_account = 6}), 6);
  EXPECT_EQ(claimed({400, 500, 0, 1, 1000}), 20);
}

TEST_P(ManyNodes, S22_a_claim_of_one_host_keeps_no_other_waiting) {
  if (database().dialect() == Dialect::sqlite) GTEST_SKIP() << "one transaction at a time";
  for (const std::string host : {"a", "b"}) {
    add_account(host);
    Job made = job("job_" + host, host);
    made.webhook_url = "https://" + host + ".example/";
    announce(made);
  }
  const ClaimRules rules{.now = 300, .lease_until = 400};
  std::thread slow;
  const auto done = database().transaction([&](Session& session) -> Result<void> {
    // A claim of the first host does not come to its end while its row is held.
    CAD_TRY(session.run("UPDATE deliveries SET tries = 0 WHERE lane = 'a.example'", {}));
    CAD_ASSIGN(const Rows mine, session.run("SELECT CAST(pg_backend_pid() AS BIGINT)", {}));
    slow = std::thread([&] {
      const auto first = OutboxRepository(*nodes_[1]).claim(rules);
      EXPECT_EQ(first ? (*first)->event.job_id : first.error().message, "job_a");
    });
    for (int waiting = 0; waiting == 0; std::this_thread::sleep_for(10ms)) {
      CAD_ASSIGN(const Rows behind,
                 nodes_[2]->read("SELECT pid FROM pg_stat_activity"
                                 " WHERE CAST($1 AS INTEGER) = ANY(pg_blocking_pids(pid))",
                                 {mine.rows.at(0).integer(0)}));
      waiting = static_cast<int>(behind.rows.size());
    }
    CAD_ASSIGN(const auto other, OutboxRepository(*nodes_[3]).claim(rules));
    EXPECT_EQ(other ? other->event.job_id : "none", "job_b");
    return {};
  });
  slow.join();
  EXPECT_TRUE(done) << done.error().message;
}

TEST_P(ManyNodes, S22_two_nodes_never_send_to_one_receiver_out_of_order) {
  add_account("acc");
  Job made = job("job");
  made.webhook_url = "https://host.example/";
  announce(made);
  ASSERT_TRUE(database().write(
      "UPDATE jobs SET status = 'PROCESSING', lease_owner = 'me', attempt = 1", {}));
  ASSERT_TRUE(JobRepository(database()).complete("job", "me", 1, {}, 200));
  std::atomic<int> second = 0;
  EXPECT_EQ(on_all([&](Database& node, int) {
              const auto some =
                  OutboxRepository(node).claim({.now = 300, .lease_until = 400}).value();
              second += some && some->event.sequence == 2;
              return some.has_value();
            }),
            1);
  EXPECT_EQ(second, 0) << "while the first one is open";
}

TEST_P(ManyNodes, links_in_mails_work_once) {
  add_account("acc");
  UserRepository users(database());
  ASSERT_TRUE(users.add(Registration{"hash", "a@b.example", "a@b.example", "$2b$", {}, 100, 900}));
  ASSERT_TRUE(users.add(Invite{"hash", {}, {}, 100, 900}));
  AccountToken token{.hash = "hash", .account_id = "acc", .expires_at = 900};
  ASSERT_TRUE(users.add(token, {}).value());
  EXPECT_EQ(on_all([](Database& node, int number) {
              User user;
              user.account_id = user.uuid = user.email = user.email_key =
                  "new " + std::to_string(number);
              return UserRepository(node).insert(user, {"hash", "hash", 200}) == Admitted::yes;
            }),
            1);
  // A new password that cannot be written costs no link.
  EXPECT_EQ(users.reset_password("hash", std::string("a\0", 2), 200).error().code,
            ErrorCode::invalid_argument);
  EXPECT_TRUE(users.find_token("hash", TokenUse::reset_password, 200));
  EXPECT_EQ(on_all([](Database& node, int n) {
              return UserRepository(node)
                  .reset_password("hash", "new " + std::to_string(n), 200)
                  .has_value();
            }),
            1);
  EXPECT_NE(users.find("acc")->password_hash, "old");
}

TEST_P(ManyNodes, S12_a_refresh_token_used_twice_at_once_ends_the_family) {
  add_account("acc");
  SessionRepository sessions(database());
  for (int round = 0; round < 5; ++round) {
    const std::string id = "ses_" + std::to_string(round);
    ASSERT_TRUE(sessions.insert(session(id), {id, id, 100, 5'000}, "key_d", {}));
    std::atomic<int> reused = 0;
    const int rotated = on_all([&](Database& node, int n) {
      const auto done = SessionRepository(node).rotate(
          id, {id + " next " + std::to_string(n), "", 200, 5'000}, 200);
      EXPECT_TRUE(done) << done.error().message;
      reused += done->outcome == Rotation::Outcome::reused;
      return done->outcome == Rotation::Outcome::rotated;
    });
    EXPECT_LE(rotated, 1);
    EXPECT_GE(reused, 1);
    EXPECT_FALSE(sessions.find(id, 200)) << "nobody knows which of them is its owner";
  }
}

TEST_P(ManyNodes, S10_no_session_of_the_old_password_outlives_its_change) {
  add_account("acc");
  SessionRepository sessions(database());
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(database().write("UPDATE users SET password_hash = 'old'", {}));
    on_all([&](Database& node, int n) {
      const std::string id = "ses_" + std::to_string(round) + "_" + std::to_string(n);
      if (n == 0) return UserRepository(node).set_password("acc", {}, "new", "", 300).value();
      if (n == 1)
        return UserRepository(node)
            .add(
                {.hash = id, .account_id = "acc", .use = TokenUse::change_email, .expires_at = 900},
                "old")
            .value();
      return SessionRepository(node)
          .insert(session(id), {id, id, 100, 5'000}, "key_d", "old")
          .has_value();
    });
    EXPECT_TRUE(sessions.list("acc", 200)->empty()) << round;
    EXPECT_TRUE(database().read("SELECT hash FROM account_tokens", {})->rows.empty()) << round;
  }
}

TEST_P(ManyNodes, first_sign_ins_at_the_same_time_agree_on_one_dashboard_key) {
  add_account("acc");
  EXPECT_EQ(on_all([&](Database& node, int n) {
              const std::string id = "ses_" + std::to_string(n);
              return SessionRepository(node)
                  .insert(session(id), {id, id, 100, 5'000}, "key_" + id, "old")
                  .has_value();
            }),
            kNodes);
  EXPECT_EQ(SessionRepository(database()).list("acc", 200)->size(), 4u);
}

TEST_P(ManyNodes, S11_there_is_one_first_session_key_and_one_in_use) {
  add_account("acc");
  const auto key_of = [](int n, UnixMs at) {
    return SessionKey{
        "kid " + std::to_string(n) + " " + std::to_string(at), "sealed", "{}", at, {}};
  };
  EXPECT_EQ(on_all([&](Database& node, int n) {
              return SessionKeyRepository(node).add(key_of(n, 100), true).has_value();
            }),
            1);
  EXPECT_EQ(on_all([&](Database& node, int n) {
              return SessionKeyRepository(node).add(key_of(n, 200), false).has_value();
            }),
            kNodes);
  int in_use = 0;
  const auto keys = SessionKeyRepository(database()).list().value();
  for (const SessionKey& key : keys) in_use += !key.retired_at;
  EXPECT_EQ(in_use, 1);
}

TEST_P(ManyNodes, there_is_one_first_account) {
  ASSERT_TRUE(migrate(database(), 1));
  EXPECT_EQ(on_all([](Database& node, int n) {
              const std::string id = std::to_string(n);
              return KeyRepository(node)
                  .insert_first({.id = id,
                                 .account_id = id,
                                 .name = "owner",
                                 .prefix = "",
                                 .hash = id,
                                 .scopes = ""})
                  .value();
            }),
            1);
}

TEST_P(ManyNodes, S24_a_key_is_replaced_once) {
  add_account("acc");
  const ApiKey old = KeyRepository(database()).find("key of acc").value();
  EXPECT_EQ(on_all([&](Database& node, int n) {
              ApiKey next = old;
              next.id = next.hash = "key " + std::to_string(n);
              next.generation = 1;
              return KeyRepository(node).replace(old, next, 900).has_value();
            }),
            1);
}

TEST_P(ManyNodes, S24_an_account_makes_no_more_keys_than_it_may) {
  add_account("acc");
  const ApiKey old = KeyRepository(database()).find("key of acc").value();
  std::atomic<int> made = 0;
  on_all([&](Database& node, int n) {
    for (int i = 0; i < 5; ++i) {
      ApiKey key = old;
      key.id = key.hash = key.family = "key " + std::to_string(n) + " " + std::to_string(i);
      made += KeyRepository(node).insert_within(key, 7).value();
    }
    return true;
  });
  EXPECT_EQ(made, 6) << "and the first one";
  ApiKey next = old;
  next.id = next.hash = "next";
  next.generation = 1;
  EXPECT_FALSE(KeyRepository(database()).replace(old, next, 900, 7).value());
  EXPECT_TRUE(KeyRepository(database()).revoke("key of acc", 800).value());
  EXPECT_TRUE(KeyRepository(database()).replace(old, next, 900, 7).value());
}

TEST_P(ManyNodes, an_account_has_one_default_endpoint) {
  add_account("acc");
  EXPECT_EQ(on_all([](Database& node, int n) {
              Endpoint endpoint;
              endpoint.id = endpoint.url = std::to_string(n);
              endpoint.account_id = "acc";
              endpoint.is_default = true;
              return EndpointRepository(node).insert(endpoint).has_value();
            }),
            kNodes);
  int defaults = 0;
  const auto endpoints = EndpointRepository(database()).list("acc").value();
  for (const Endpoint& endpoint : endpoints) defaults += endpoint.is_default;
  EXPECT_EQ(defaults, 1);
}

TEST_P(ManyNodes, S13_one_way_to_sign_in_stays) {
  add_account("acc");
  ASSERT_TRUE(database().write("UPDATE users SET password_hash = NULL", {}));
  IdentityRepository identities(database());
  for (int n = 0; n < kNodes; ++n) {
    const std::string name = std::to_string(n);
    ASSERT_TRUE(identities.insert({name, name, "acc", name, {}, 100}));
  }
  EXPECT_EQ(on_all([](Database& node, int n) {
              return IdentityRepository(node).remove("acc", std::to_string(n)).has_value();
            }),
            kNodes - 1);
  EXPECT_EQ(identities.of_account("acc")->size(), 1u);
}

TEST_P(ManyNodes, audit_rows_follow_each_other) {
  ASSERT_TRUE(migrate(database(), 1));
  on_all([](Database& node, int n) {
    for (int i = 0; i < 10; ++i)
      EXPECT_TRUE(AuditRepository(node).append_after([n](const std::optional<AuditRow>& last) {
        AuditRow row;
        row.seq = last ? last->seq + 1 : 1;
        row.previous = last ? last->hash : "";
        row.hash = std::to_string(row.seq) + " of " + std::to_string(n);
        return row;
      }));
    return true;
  });
  std::string before;
  const auto rows = AuditRepository(database()).after(0, 100).value();
  ASSERT_EQ(rows.size(), 40u);
  for (const AuditRow& row : rows) {
    EXPECT_EQ(row.previous, before);
    before = row.hash;
  }
}

// Each takes the two rows in its own order: on PostgreSQL somebody loses, and is run again.
TEST_P(ManyNodes, transactions_in_each_others_way_all_succeed) {
  add_account("a");
  add_account("b");
  const auto more = [](Session& session, const std::string& id) -> Result<void> {
    CAD_TRY(session.run("UPDATE accounts SET created_at = created_at + 1 WHERE id = $1", {id}));
    return {};
  };
  EXPECT_EQ(on_all([&](Database& node, int n) {
              bool good = true;
              for (int i = 0; i < 5; ++i)
                good = good && node.transaction([&](Session& session) -> Result<void> {
                  CAD_TRY(more(session, n % 2 == 0 ? "a" : "b"));
                  return more(session, n % 2 == 0 ? "b" : "a");
                });
              return good;
            }),
            kNodes);
  EXPECT_EQ(
      database().read("SELECT created_at FROM accounts WHERE id = 'a'", {})->rows[0].integer(0),
      20);
}

INSTANTIATE_TEST_SUITE_P(Databases, ManyNodes, every_database(), name_of);

}  // namespace
}  // namespace cad::store
