// SPDX-License-Identifier: Apache-2.0
#include "store/delivery_log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "store/endpoints.hpp"
#include "store/repositories.hpp"
#include "store/testing/databases.hpp"
#include "store/webhook_tests.hpp"

namespace cad::store {
namespace {

class Deliveries : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() / ("cadlens-log-" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir_);
    std::string place;
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place, database_);
    ASSERT_TRUE(migrate(*database_, 1));
    for (const char* id : {"acc_1", "acc_2"}) {
      ASSERT_TRUE(KeyRepository(*database_).insert_account(id, id, 1));
      ASSERT_TRUE(KeyRepository(*database_)
                      .insert({.id = id,
                               .account_id = id,
                               .name = "n",
                               .prefix = "",
                               .hash = id,
                               .scopes = ""}));
    }
    Endpoint endpoint;
    endpoint.id = "we_1";
    endpoint.account_id = "acc_1";
    endpoint.url = "https://a.example/";
    endpoint.is_default = true;
    ASSERT_TRUE(EndpointRepository(*database_).insert(endpoint));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  DeliveryLog log() { return DeliveryLog(*database_); }
  WebhookTestRepository tests() { return WebhookTestRepository(*database_); }
  // A job whose end is told to `url`, or else to the endpoint, and by mail.
  void add_event(const std::string& job_id, UnixMs at,
                 const std::optional<std::string>& url = std::nullopt) {
    Job job;
    job.id = job.uuid = job_id;
    job.key_id = job.account_id = "acc_1";
    job.webhook_url = url;
    job.notify_email = "a@example.com";
    ASSERT_TRUE(JobRepository(*database_).insert(job, {}));
    ASSERT_TRUE(database_->transaction([&](Session& session) -> Result<void> {
      CAD_TRY(record_event(session, job, EventName::completed, at));
      return {};
    }));
  }
  std::string seen(const DeliveryQuery& query) {
    std::string out;
    const auto page = log().list(query);
    EXPECT_TRUE(page) << page.error().message;
    for (const auto& one : page->deliveries)
      out += one.event.job_id.empty() ? one.id : one.event.job_id;
    return out;
  }

  std::filesystem::path dir_;
  std::unique_ptr<Database> database_;
};

TEST_P(Deliveries, of_jobs_and_tests_are_one_list_without_mails) {
  add_event("a", 100);
  add_event("c", 300, "https://own.example/");
  ASSERT_TRUE(tests().add({"b", "e", "acc_1", "we_1", 200}));
  ASSERT_TRUE(tests().add({"x", "e2", "acc_2", "we_2", 200}));
  EXPECT_EQ(seen({.account_id = "acc_1"}), "cba");
  EXPECT_EQ(seen({.account_id = "acc_1", .endpoint_id = "we_1"}), "ba");
  EXPECT_EQ(seen({.account_id = "acc_1", .endpoint_id = "we_2"}), "");
  EXPECT_EQ(seen({.account_id = "acc_1", .state = DeliveryState::pending}), "cba");
  EXPECT_EQ(seen({.account_id = "acc_1", .state = DeliveryState::failed}), "");
  const auto page = log().list({.account_id = "acc_1", .limit = 2}).value();
  ASSERT_EQ(page.deliveries.size(), 2u);
  EXPECT_EQ(page.deliveries[0].url, "https://own.example/");
  EXPECT_EQ(page.deliveries[1].event.name, EventName::test);
  EXPECT_EQ(page.deliveries[1].url, "https://a.example/");
  EXPECT_EQ(seen({.account_id = "acc_1", .after = page.next, .limit = 2}), "a");
  EXPECT_TRUE(log().find("acc_1", page.deliveries[1].id));
  EXPECT_EQ(log().find("acc_2", page.deliveries[0].id).error().code, ErrorCode::not_found);
  EXPECT_EQ(log().find("acc_2", "b").error().code, ErrorCode::not_found);
}

TEST_P(Deliveries, the_last_try_is_told_and_it_is_sent_again) {
  add_event("a", 100);
  OutboxRepository outbox(*database_);
  auto claimed = outbox.claim({.now = 200, .lease_until = 300}).value();
  ASSERT_TRUE(claimed && claimed->kind == DeliveryKind::webhook);
  const std::string id = claimed->id;
  ASSERT_TRUE(log().resend("acc_1", id, 250));
  EXPECT_FALSE(outbox.claim({.now = 250, .lease_until = 300}).value()) << "it is under way";
  ASSERT_TRUE(outbox.finish(*claimed, DeliveryState::failed, 0, {0, 210, 5, 500, "no"}).value());
  const auto failed = log().find("acc_1", id).value();
  EXPECT_EQ(failed.attempts, 1);
  EXPECT_EQ(failed.last_status, 500);
  EXPECT_EQ(failed.last_error, "no");
  EXPECT_EQ(failed.ended_at, 215);
  EXPECT_FALSE(failed.next_at);
  EXPECT_EQ(log().resend("acc_2", id, 400).error().code, ErrorCode::not_found);
  ASSERT_TRUE(log().resend("acc_1", id, 400));
  EXPECT_EQ(log().find("acc_1", id)->next_at, 400);
  claimed = outbox.claim({.now = 400, .lease_until = 500}).value();
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->id, id);
}

TEST_P(Deliveries, a_test_is_taken_once_and_its_end_is_its_holders_to_say) {
  ASSERT_TRUE(tests().add({"t", "e", "acc_1", "we_1", 100}));
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { taken += tests().claim(200, 300).value().has_value(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
  const auto late = tests().claim(300, 400).value();
  ASSERT_TRUE(late) << "the lease is over";
  Delivery stale = *late;
  stale.lease_until = 300;
  EXPECT_FALSE(tests().finish(stale, DeliveryState::failed, {}).value());
  EXPECT_TRUE(tests().finish(*late, DeliveryState::delivered, {1, 310, 5, 200, {}}).value());
  EXPECT_FALSE(tests().finish(*late, DeliveryState::failed, {}).value());
  EXPECT_FALSE(tests().claim(900, 999).value());
  EXPECT_EQ(log().find("acc_1", "t")->ended_at, 315);
  ASSERT_TRUE(log().resend("acc_1", "t", 900));
  EXPECT_TRUE(tests().claim(900, 999).value());
  EXPECT_EQ(tests().remove_before(100).value(), 0);
  EXPECT_EQ(tests().remove_before(101).value(), 1);
}

TEST_P(Deliveries, a_filter_looks_at_so_many_and_says_where_to_go_on) {
  ASSERT_TRUE(tests().add({"first", "e", "acc_1", "we_other", 1}));
  ASSERT_TRUE(database_->write(
      "INSERT INTO webhook_tests (id, event_id, account_id, endpoint_id, state, attempts,"
      " created_at, lease_until) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
      " WHERE i < 10000) SELECT CAST(i AS TEXT), 'e', 'acc_1', 'we_1', 'FAILED', 1, 10 + i, 0"
      " FROM n",
      {}));
  const DeliveryQuery query{.account_id = "acc_1", .endpoint_id = "we_other"};
  const auto first = log().list(query).value();
  EXPECT_TRUE(first.deliveries.empty());
  ASSERT_TRUE(first.next);
  DeliveryQuery rest = query;
  rest.after = first.next;
  EXPECT_EQ(seen(rest), "first");
}

INSTANTIATE_TEST_SUITE_P(Databases, Deliveries, every_database(), name_of);

}  // namespace
}  // namespace cad::store
