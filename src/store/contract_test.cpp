// SPDX-License-Identifier: Apache-2.0
// What every database must do: one suite, one parameter an implementation.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "store/endpoints.hpp"
#include "store/outbox.hpp"
#include "store/repositories.hpp"
#include "store/testing/databases.hpp"

namespace cad::store {
namespace {

Viewer of_key(std::string id) { return {"", std::move(id)}; }

class Contract : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-store-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place_, database_);
    ASSERT_TRUE(migrate(*database_, 1));
    ASSERT_TRUE(keys().insert_account("acc_1", "owner", 1));
    for (const char* id : {"key_1", "key_2"}) {
      ApiKey key{.id = id,
                 .account_id = "acc_1",
                 .name = "n",
                 .prefix = "cadl_0000000",
                 .hash = std::string("hash of ") + id,
                 .scopes = "jobs:read",
                 .created_at = 5};
      ASSERT_TRUE(keys().insert(key));
    }
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  JobRepository jobs() { return JobRepository(*database_); }
  KeyRepository keys() { return KeyRepository(*database_); }
  OutboxRepository outbox() { return OutboxRepository(*database_); }
  EndpointRepository endpoints() { return EndpointRepository(*database_); }
  static Endpoint endpoint(const std::string& id, const std::string& url, bool is_default) {
    Endpoint e;
    e.id = id;
    e.account_id = "acc_1";
    e.url = url;
    e.secrets.secret = "sealed " + id;
    e.is_default = is_default;
    e.created_at = 7;
    return e;
  }
  std::vector<Delivery> claim(UnixMs now) {
    const ClaimRules rules{.now = now, .lease_until = now + 50, .mail_before = now - 100};
    std::vector<Delivery> all;
    while (auto one = outbox().claim(rules).value()) all.push_back(std::move(*one));
    return all;
  }
  IdempotencyRepository idempotency() { return IdempotencyRepository(*database_); }

  static Job job(const std::string& id, UnixMs created, const std::string& key = "key_1") {
    Job j;
    j.id = id;
    j.uuid = "uuid of " + id;
    j.key_id = key;
    j.account_id = "acc_1";
    j.file_name =
        "Stra\xc3\x9f"
        "e \"1\".dxf";
    j.file_size = 5'000'000'000;
    j.mime_type = "image/vnd.dxf";
    j.format = "DXF";
    j.sha256 = "00";
    j.created_at = j.updated_at = created;
    j.expires_at = created + 1000;
    j.phase = "queued";
    return j;
  }
  // As the queue does it.
  void lease(const std::string& id, const std::string& owner, std::int64_t attempt) {
    auto done = database_->write(
        "UPDATE jobs SET status='PROCESSING', lease_owner=$2, attempt=$3 WHERE id=$1",
        {id, owner, attempt});
    ASSERT_TRUE(done);
    ASSERT_EQ(done->changed, 1);
  }

  std::filesystem::path dir_;
  std::string place_;
  std::unique_ptr<Database> database_;
};

TEST_P(Contract, a_job_comes_back_as_it_was_stored) {
  Job stored = job("job_a", 100);
  stored.webhook_url = "https://example.com/x";
  stored.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 a=1";
  ASSERT_TRUE(jobs().insert(stored, {}));
  const auto found = jobs().find("job_a");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->trace, stored.trace);
  EXPECT_EQ(found->file_name, stored.file_name);
  EXPECT_EQ(found->file_size, 5'000'000'000);
  EXPECT_EQ(found->webhook_url, "https://example.com/x");
  EXPECT_FALSE(found->notify_email);
  EXPECT_FALSE(found->started_at);
  EXPECT_EQ(found->status, JobStatus::pending);
  EXPECT_EQ(found->expires_at, 1100);
}

TEST_P(Contract, the_same_id_twice_is_a_conflict) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  const auto again = jobs().insert(job("job_a", 100), {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
}

TEST_P(Contract, a_job_of_an_unknown_key_is_a_conflict) {
  const auto done = jobs().insert(job("job_a", 100, "key_9"), {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
}

TEST_P(Contract, S19_a_job_of_another_key_is_not_found) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  ASSERT_TRUE(jobs().find_seen("job_a", of_key("key_1")));
  const auto other = jobs().find_seen("job_a", of_key("key_2"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::not_found);
  EXPECT_EQ(other.error().message, jobs().find_seen("job_b", of_key("key_2")).error().message);
}

TEST_P(Contract, S24_a_replacement_sees_the_jobs_of_the_keys_before_it_and_no_others) {
  const auto successor = [&](const std::string& id, std::int64_t generation) {
    ApiKey key = keys().find("key_1").value();
    key.id = id;
    key.hash = "hash of " + id;
    key.generation = generation;
    return key;
  };
  const ApiKey first = keys().find("key_1").value();
  EXPECT_EQ(first.family, "key_1");
  const ApiKey second = successor("key_1b", 1), third = successor("key_1c", 2);
  ASSERT_TRUE(keys().replace(first, second, 5'000));
  ASSERT_TRUE(keys().replace(second, third, {}));
  EXPECT_EQ(keys().find("key_1")->expires_at, 5'000);
  EXPECT_EQ(keys().find("key_1b")->expires_at, first.expires_at);

  for (const auto& [id, key] : {std::pair("job_1", "key_1"), std::pair("job_2", "key_1b"),
                                std::pair("job_3", "key_1c"), std::pair("job_x", "key_2")})
    ASSERT_TRUE(jobs().insert(job(id, 100 + id[4], key), {}));
  const auto seen = [&](const char* key) {
    std::string ids, found;
    const JobPage all = jobs().list(of_key(key), {.limit = 10}).value();
    for (const Job& j : all.jobs) ids += j.id.substr(4);
    for (const char* id : {"job_3", "job_2", "job_1"})
      if (jobs().find_seen(id, of_key(key))) found += id + 4;
    EXPECT_EQ(ids, found) << "the list and the single look-ups agree";
    EXPECT_FALSE(jobs().find_seen("job_x", of_key(key)));
    return ids;
  };
  EXPECT_EQ(seen("key_1"), "1");
  EXPECT_EQ(seen("key_1b"), "21");
  EXPECT_EQ(seen("key_1c"), "321");
  EXPECT_TRUE(jobs().find_seen("job_x", of_key("key_2")));
  // Pages of a family's jobs.
  const auto page = jobs().list(of_key("key_1c"), {.limit = 2}).value();
  EXPECT_TRUE(page.next);
  const auto rest = jobs().list(of_key("key_1c"), {.after = page.next, .limit = 2});
  ASSERT_EQ(rest->jobs.size(), 1u);
  EXPECT_EQ(rest->jobs[0].id, "job_1");
  // A revoked key's jobs stay with its replacement.
  ASSERT_TRUE(keys().revoke("key_1", 1));
  EXPECT_EQ(seen("key_1c"), "321");
}

TEST_P(Contract, S24_a_key_is_replaced_once) {
  const ApiKey first = keys().find("key_1").value();
  ApiKey next = first;
  next.generation = 1;
  for (const char* id : {"key_1b", "key_1x"}) {
    next.id = id;
    next.hash = std::string("hash of ") + id;
    const auto done = keys().replace(first, next, 7);
    EXPECT_EQ(done.has_value(), std::string(id) == "key_1b");
    if (!done) {
      EXPECT_EQ(done.error().code, ErrorCode::conflict);
    }
  }
  EXPECT_FALSE(keys().find("key_1x"));
  EXPECT_EQ(keys().list({})->size(), 3u);
  EXPECT_EQ(keys().list("acc_1")->size(), 3u);
  EXPECT_TRUE(keys().list("acc_2")->empty());
}

TEST_P(Contract, pages_hold_every_job_once_newest_first) {
  for (int i = 0; i < 25; ++i)
    ASSERT_TRUE(jobs().insert(job("job_" + std::to_string(100 + i), 1000 + i / 3), {}));
  ASSERT_TRUE(jobs().insert(job("job_other", 2000, "key_2"), {}));
  std::vector<std::string> seen;
  std::optional<PageCursor> after;
  while (true) {
    const auto page = jobs().list(of_key("key_1"), {.after = after, .limit = 7});
    ASSERT_TRUE(page);
    for (const Job& j : page->jobs) seen.push_back(j.id);
    if (!page->next) break;
    after = page->next;
  }
  ASSERT_EQ(seen.size(), 25u);
  EXPECT_EQ(seen.front(), "job_124");
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
}

TEST_P(Contract, lists_filter_by_status) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  ASSERT_TRUE(jobs().insert(job("job_b", 101), {}));
  lease("job_b", "me", 1);
  const auto page = jobs().list(of_key("key_1"), {.status = JobStatus::processing});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->jobs.size(), 1u);
  EXPECT_EQ(page->jobs[0].id, "job_b");
}

TEST_P(Contract, only_the_lease_holder_completes_and_only_once) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  lease("job_a", "me", 2);
  const std::vector<Part> parts{{"result", 0, 10}, {"png", 1, 20}};
  EXPECT_FALSE(jobs().complete("job_a", "you", 2, parts, 200, true).value());
  EXPECT_FALSE(jobs().complete("job_a", "me", 1, parts, 200, true).value());
  EXPECT_TRUE(jobs().parts("job_a")->empty());
  EXPECT_FALSE(jobs().find("job_a")->has_thumbnail);
  EXPECT_TRUE(jobs().complete("job_a", "me", 2, parts, 200, true).value());
  EXPECT_FALSE(jobs().complete("job_a", "me", 2, parts, 201).value());
  EXPECT_FALSE(jobs().fail_job("job_a", "me", 2, "X", "x", 201).value());
  const auto done = jobs().find("job_a");
  EXPECT_EQ(done->status, JobStatus::completed);
  EXPECT_EQ(done->completed_at, 200);
  EXPECT_EQ(done->result_attempt, 2);
  EXPECT_EQ(done->progress, 100);
  EXPECT_TRUE(done->has_thumbnail);
  EXPECT_EQ(jobs().parts("job_a")->size(), 2u);
}

TEST_P(Contract, a_failure_keeps_its_reason) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  lease("job_a", "me", 1);
  EXPECT_TRUE(jobs().fail_job("job_a", "me", 1, "DAMAGED_DRAWING", "It is damaged.", 300).value());
  const auto done = jobs().find("job_a");
  EXPECT_EQ(done->status, JobStatus::failed);
  EXPECT_EQ(done->error_code, "DAMAGED_DRAWING");
  EXPECT_EQ(done->error_msg, "It is damaged.");
}

TEST_P(Contract, an_idempotency_key_is_taken_once_per_api_key) {
  const IdempotencyRecord record{"key_1", "t", "f", "job_a", 100};
  ASSERT_TRUE(jobs().insert(job("job_a", 100), record));
  IdempotencyRecord second{"key_1", "t", "g", "job_b", 101};
  const auto clash = jobs().insert(job("job_b", 101), second);
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().code, ErrorCode::conflict);
  EXPECT_FALSE(jobs().find("job_b")) << "the transaction must leave nothing";
  second.key_id = "key_2";
  EXPECT_TRUE(jobs().insert(job("job_b", 101, "key_2"), second));
  EXPECT_EQ(idempotency().find("key_1", "t")->fingerprint, "f");
}

TEST_P(Contract, removing_a_job_removes_what_hangs_on_it) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), IdempotencyRecord{"key_1", "t", "f", "job_a", 100}));
  lease("job_a", "me", 1);
  ASSERT_TRUE(jobs().complete("job_a", "me", 1, {{"result", 0, 10}}, 200).value());
  EXPECT_TRUE(jobs().remove("job_a").value());
  EXPECT_FALSE(jobs().remove("job_a").value());
  EXPECT_TRUE(jobs().parts("job_a")->empty());
  EXPECT_FALSE(idempotency().find("key_1", "t"));
}

TEST_P(Contract, old_idempotency_keys_go) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), IdempotencyRecord{"key_1", "t", "f", "job_a", 100}));
  EXPECT_EQ(idempotency().remove_older_than(100).value(), 0);
  EXPECT_EQ(idempotency().remove_older_than(101).value(), 1);
}

TEST_P(Contract, expired_jobs_are_found_oldest_first) {
  ASSERT_TRUE(jobs().insert(job("job_b", 200), {}));
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  ASSERT_TRUE(jobs().insert(job("job_c", 900), {}));
  const auto old = jobs().expired(1200, 10);
  ASSERT_TRUE(old);
  ASSERT_EQ(old->size(), 2u);
  EXPECT_EQ((*old)[0].id, "job_a");
}

TEST_P(Contract, S04_uploads_are_found_by_age_in_every_state_until_they_are_gone) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  ASSERT_TRUE(jobs().insert(job("job_b", 200), {}));
  ASSERT_TRUE(jobs().insert(job("job_c", 300), {}));
  ASSERT_TRUE(database_->write("UPDATE jobs SET status = 'PROCESSING' WHERE id = 'job_b'", {}));
  using Ids = std::vector<std::string>;
  EXPECT_EQ(jobs().with_upload_from_before(99, 10).value(), Ids());
  EXPECT_EQ(jobs().with_upload_from_before(200, 10).value(), (Ids{"job_a", "job_b"}));
  EXPECT_EQ(jobs().with_upload_from_before(200, 1)->size(), 1u);
  ASSERT_TRUE(jobs().mark_upload_gone("job_a", 400));
  EXPECT_EQ(jobs().with_upload_from_before(200, 10).value(), Ids{"job_b"});
}

TEST_P(Contract, jobs_are_walked_by_id) {
  for (const char* id : {"job_c", "job_a", "job_b"}) ASSERT_TRUE(jobs().insert(job(id, 1), {}));
  using Ids = std::vector<std::string>;
  EXPECT_EQ(jobs().ids_after("", 2).value(), (Ids{"job_a", "job_b"}));
  EXPECT_EQ(jobs().ids_after("job_b", 2).value(), Ids{"job_c"});
  EXPECT_EQ(jobs().of_account("acc_1", 10)->size(), 3u);
  EXPECT_TRUE(jobs().of_account("acc_2", 10)->empty());
}

TEST_P(Contract, an_account_goes_with_its_keys_once_it_has_no_job) {
  ASSERT_TRUE(jobs().insert(job("job_a", 1), {}));
  EXPECT_EQ(keys().remove_account("acc_1").error().code, ErrorCode::conflict);
  ASSERT_TRUE(keys().revoke_all("acc_1", 50));
  EXPECT_EQ(keys().find_by_hash("hash of key_1")->revoked_at, 50);
  ASSERT_TRUE(jobs().remove("job_a"));
  EXPECT_TRUE(keys().remove_account("acc_1").value());
  EXPECT_FALSE(keys().remove_account("acc_1").value());
  EXPECT_FALSE(keys().find_by_hash("hash of key_1"));
}

TEST_P(Contract, a_key_is_found_by_its_hash_and_shows_its_revocation) {
  EXPECT_TRUE(keys().any_account().value());
  EXPECT_FALSE(keys().find_by_hash("no"));
  EXPECT_FALSE(keys().find_by_hash("hash of key_1")->revoked_at);
  EXPECT_TRUE(keys().revoke("key_1", 70).value());
  EXPECT_FALSE(keys().revoke("key_1", 71).value());
  EXPECT_TRUE(keys().touch("key_1", 80));
  const auto key = keys().find_by_hash("hash of key_1");
  EXPECT_EQ(key->revoked_at, 70);
  EXPECT_EQ(key->last_used_at, 80);
}

TEST_P(Contract, a_failed_transaction_leaves_nothing_and_the_next_one_works) {
  const auto broken = database_->transaction([](Session& session) -> Result<void> {
    CAD_TRY(session.run("INSERT INTO accounts (id, name, created_at) VALUES ($1,$2,$3)",
                        {std::string("acc_x"), std::string("x"), std::int64_t{1}}));
    return fail(ErrorCode::internal, "on purpose");
  });
  EXPECT_FALSE(broken);
  EXPECT_TRUE(database_->read("SELECT id FROM accounts WHERE id = 'acc_x'", {})->rows.empty());
  EXPECT_TRUE(keys().insert_account("acc_x", "x", 1));
}

TEST_P(Contract, many_threads_write_and_read_at_once) {
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this, t, &failed] {
      for (int i = 0; i < 20; ++i) {
        const std::string id = "job_" + std::to_string(t) + "_" + std::to_string(i);
        if (!jobs().insert(job(id, i), {})) ++failed;
        if (!jobs().find(id)) ++failed;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(jobs().list(of_key("key_1"), {})->jobs.size(), 80u);
}

TEST_P(Contract, migrations_run_once_and_never_backwards) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  EXPECT_TRUE(migrate(*database_, 2));
  EXPECT_TRUE(jobs().find("job_a"));
  ASSERT_TRUE(
      database_->write("INSERT INTO schema_migrations (version, applied_at) VALUES (999, 1)", {}));
  const auto newer = migrate(*database_, 3);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::conflict);
}

TEST_P(Contract, S22_a_jobs_end_and_its_event_are_one_transaction) {
  Job stored = job("job_a", 100);
  stored.webhook_url = "https://Hooks.example.com/x";
  stored.notify_email = "ann@example.com";
  ASSERT_TRUE(jobs().insert(stored, {}));
  lease("job_a", "me", 1);
  EXPECT_FALSE(jobs().complete("job_a", "you", 1, {}, 200).value());
  EXPECT_TRUE(outbox().list({}, 10)->empty());
  // A part twice: the transaction fails, and nothing may be told.
  EXPECT_FALSE(jobs().complete("job_a", "me", 1, {{"result", 0, 1}, {"result", 0, 1}}, 200));
  EXPECT_TRUE(outbox().list({}, 10)->empty());
  std::vector<Part> parts;
  for (int i = 0; i < 70; ++i) parts.push_back({"entities", i, 10 * i});
  ASSERT_TRUE(jobs().complete("job_a", "me", 1, parts, 200).value());
  EXPECT_EQ(jobs().parts("job_a").value().at(69).size, 690);
  const auto list = outbox().list({}, 10).value();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].event.id, list[1].event.id);
  EXPECT_EQ(list[0].event.name, EventName::completed);
  EXPECT_EQ(list[0].event.sequence, 2);
  EXPECT_EQ(list[0].event.created_at, 200);
  EXPECT_NE(list[0].kind, list[1].kind);
}

TEST_P(Contract, without_anyone_to_tell_nothing_is_written) {
  ASSERT_TRUE(jobs().insert(job("job_a", 100), {}));
  lease("job_a", "me", 1);
  ASSERT_TRUE(jobs().fail_job("job_a", "me", 1, "X", "x", 200).value());
  EXPECT_TRUE(database_->read("SELECT id FROM events", {})->rows.empty());
}

TEST_P(Contract, S22_a_delivery_is_claimed_once_and_ends_once) {
  Job stored = job("job_a", 100);
  stored.webhook_url = "https://hooks.example.com/x";
  ASSERT_TRUE(jobs().insert(stored, {}));
  lease("job_a", "me", 1);
  ASSERT_TRUE(jobs().fail_job("job_a", "me", 1, "X", "x", 200).value());
  EXPECT_TRUE(claim(199).empty());
  EXPECT_EQ(outbox().next_due(0).value(), 200);
  const auto claimed = claim(200);
  ASSERT_EQ(claimed.size(), 1u);
  EXPECT_TRUE(claim(249).empty());
  const auto second = claim(250);
  ASSERT_EQ(second.size(), 1u) << "the lease is over";
  const Delivery& late = claimed.at(0);
  EXPECT_FALSE(outbox().finish(late, DeliveryState::delivered, 0, {0, 210, 9, 200, {}}).value());
  EXPECT_TRUE(
      outbox().finish(second.at(0), DeliveryState::pending, 400, {0, 260, 5, 500, "no"}).value());
  EXPECT_TRUE(claim(399).empty());
  const auto third = claim(400);
  const Delivery& delivery = third.at(0);
  EXPECT_EQ(delivery.tries, 1);
  EXPECT_TRUE(outbox().finish(delivery, DeliveryState::delivered, 0, {0, 410, 5, 200, {}}).value());
  EXPECT_FALSE(
      outbox().finish(delivery, DeliveryState::delivered, 0, {0, 410, 5, 200, {}}).value());
  EXPECT_TRUE(claim(1000).empty());
  EXPECT_EQ(outbox().next_due(0).value(), std::nullopt);
  const auto tries = outbox().attempts(delivery.id).value();
  ASSERT_EQ(tries.size(), 2u);
  EXPECT_EQ(tries[0].status, 500);
  EXPECT_EQ(tries[0].error, "no");
  EXPECT_EQ(tries[1].number, 2);
  EXPECT_EQ(outbox().resend(delivery.event.id, 2000).value(), 1);
  EXPECT_EQ(claim(2000).at(0).tries, 0);
  EXPECT_EQ(outbox().resend("no such event", 2000).value(), 0);
}

TEST_P(Contract, endpoints_have_one_default_and_come_back_as_stored) {
  ASSERT_TRUE(endpoints().insert(endpoint("we_1", "https://a.example/", true)));
  ASSERT_TRUE(endpoints().insert(endpoint("we_2", "https://b.example/", true)));
  EXPECT_EQ(endpoints().insert(endpoint("we_3", "https://a.example/", false)).error().code,
            ErrorCode::conflict);
  const auto list = endpoints().list("acc_1").value();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_FALSE(list[0].is_default);
  EXPECT_TRUE(list[1].is_default);
  EXPECT_EQ(list[1].secrets.secret, "sealed we_2");
  EXPECT_TRUE(endpoints().make_default("we_1", true).value());
  EXPECT_FALSE(endpoints().find("we_2")->is_default);
  EXPECT_TRUE(endpoints().disable("we_1", "gone", 70).value());
  EXPECT_FALSE(endpoints().disable("we_1", "again", 71).value());
  EXPECT_EQ(endpoints().find("we_1")->disabled_reason, "gone");
  EXPECT_TRUE(endpoints().enable("we_1").value());
  EXPECT_FALSE(endpoints().find("we_1")->disabled_at);
  EXPECT_EQ(endpoints().find_by_url("acc_1", "https://b.example/").value()->id, "we_2");
  EXPECT_FALSE(endpoints().find_by_url("acc_2", "https://b.example/").value());
  EXPECT_TRUE(endpoints().remove("we_2").value());
  EXPECT_EQ(endpoints().find("we_2").error().code, ErrorCode::not_found);
}

TEST_P(Contract, an_accounts_secret_is_made_once) {
  EXPECT_EQ(endpoints().account_secrets("acc_1", "first")->secret, "first");
  EXPECT_EQ(endpoints().account_secrets("acc_1", "second")->secret, "first");
  ASSERT_TRUE(endpoints().set_account_secrets("acc_1", {"third", "first", 90}));
  const auto now = endpoints().account_secrets("acc_1", "").value();
  EXPECT_EQ(now.secret, "third");
  EXPECT_EQ(now.old_secret, "first");
  EXPECT_EQ(now.old_secret_until, 90);
}

TEST_P(Contract, removing_a_job_removes_its_events) {
  Job stored = job("job_a", 100);
  stored.webhook_url = "https://hooks.example.com/x";
  ASSERT_TRUE(jobs().insert(stored, {}));
  lease("job_a", "me", 1);
  ASSERT_TRUE(jobs().complete("job_a", "me", 1, {}, 200).value());
  const auto claimed = claim(200);
  ASSERT_TRUE(jobs().remove("job_a").value());
  EXPECT_TRUE(outbox().list({}, 10)->empty());
  EXPECT_FALSE(
      outbox().finish(claimed.at(0), DeliveryState::delivered, 0, {0, 210, 5, 200, {}}).value());
}

INSTANTIATE_TEST_SUITE_P(Databases, Contract, every_database(), name_of);

}  // namespace
}  // namespace cad::store
