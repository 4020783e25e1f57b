// SPDX-License-Identifier: Apache-2.0
// The outbox and its deliverer with a real database, a receiver that answers as it is told, and a
// clock that moves when the test says so.
#include "webhooks/deliverer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "store/repositories.hpp"
#include "store/testing/accounts.hpp"
#include "webhooks/sign.hpp"

namespace cad::webhooks {
namespace {

using namespace std::chrono_literals;
using store::DeliveryState;

struct Received {
  std::string url, event_id, body, headers;
  store::UnixMs at = 0;
};

class FakePoster : public Poster {
 public:
  explicit FakePoster(store::UnixMs& now) : now_(now) {}
  Posted post(const Destination& to, const std::vector<std::string>& headers,
              std::string_view body) override {
    const std::lock_guard lock(mutex_);
    Received got{to.url.text, "", std::string(body), "", now_};
    for (const auto& header : headers) {
      got.headers += header + "\n";
      if (header.starts_with("webhook-id: ")) got.event_id = header.substr(12);
    }
    all.push_back(got);
    if (answers.empty()) return {200, {}, {}};
    const Posted answer = answers.front();
    answers.pop_front();
    return answer;
  }
  std::deque<Posted> answers;  // then 200
  std::vector<Received> all;

 private:
  store::UnixMs& now_;
  std::mutex mutex_;
};

class PublicResolver : public Resolver {
 public:
  Result<std::vector<Address>> look_up(const std::string&) override {
    return std::vector{parse_address("8.8.8.8").value()};
  }
};

class DelivererTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-hooks-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    for (const char* account : {"acc", "acc2"}) {
      store::ApiKey key;
      key.id = key.hash = std::string("key of ") + account;
      key.account_id = account;
      ASSERT_TRUE(store::add_account_of(*database_, key));
    }
    log_ =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
    make();
  }
  void TearDown() override {
    deliverer_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  void make() {
    const auto body = [this](const store::Event& event) -> Result<std::string> {
      if (body_error_) return tl::unexpected(*body_error_);
      return std::string(to_string(event.name));
    };
    deliverer_ = std::make_unique<Deliverer>(
        *database_,
        webhook_sender(
            {*database_, box_, resolver_, poster_, policy_, body, [this] { return now_; }}),
        mail_, options_, [this] { return now_; }, [] { return 0.5; }, *log_);
  }

  store::Job add_job(const std::string& id, const std::optional<std::string>& url,
                     const std::string& account = "acc") {
    store::Job job;
    job.id = job.uuid = id;
    job.key_id = "key of " + account;
    job.account_id = account;
    job.webhook_url = url;
    job.notify_email = mail_to_;
    EXPECT_TRUE(store::JobRepository(*database_).insert(job, {}));
    return job;
  }
  void record(const store::Job& job, store::EventName name) {
    EXPECT_TRUE(database_->transaction([&](store::Session& session) -> Result<void> {
      CAD_TRY(store::record_event(session, job, name, now_));
      return {};
    }));
  }
  // Both events of a job's life.
  void run_job(const std::string& id, const std::optional<std::string>& url,
               const std::string& account = "acc") {
    const store::Job job = add_job(id, url, account);
    record(job, store::EventName::processing);
    record(job, store::EventName::completed);
  }
  store::Endpoint add_endpoint(const std::string& id, const std::string& url, bool is_default) {
    store::Endpoint endpoint;
    endpoint.id = id;
    endpoint.account_id = "acc";
    endpoint.url = url;
    endpoint.is_default = is_default;
    endpoint.secrets.secret = box_.seal("secret of " + id, id).value();
    EXPECT_TRUE(endpoints().insert(endpoint));
    return endpoint;
  }
  // A mail is under way, and `send` is at it.
  void begin_mail(std::function<Sent()> send) {
    const auto begun = std::make_shared<std::promise<void>>();
    mail_ = [begun, send = std::move(send)](const store::Delivery&) {
      begun->set_value();
      return send();
    };
    mail_to_ = "ann@example.com";
    make();
    run_job("job_a", {});
    now_ += 30'000;
    deliverer_->start();
    begun->get_future().wait();
  }
  int drain() {
    int count = 0;
    while (deliverer_->deliver_one()) ++count;
    return count;
  }
  std::vector<std::string> states() {
    std::vector<std::string> out;
    const auto list = outbox().list({}, 100).value();
    for (const auto& delivery : list)
      out.push_back(std::string(to_string(delivery.event.name)) + " " +
                    std::string(to_string(delivery.state)));
    return out;
  }
  store::OutboxRepository outbox() { return store::OutboxRepository(*database_); }
  store::EndpointRepository endpoints() { return store::EndpointRepository(*database_); }

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::shared_ptr<spdlog::logger> log_;
  store::UnixMs now_ = 1'000'000'000'000;
  crypto::Key256 master_ = crypto::random_key();
  SecretBox box_{secrets::KeySource::fixed(
      secrets::KeyRing::of_one(std::as_bytes(std::span(master_)), "test"))};
  PublicResolver resolver_;
  FakePoster poster_{now_};
  Policy policy_;
  Send mail_;
  std::optional<std::string> mail_to_;
  std::optional<Error> body_error_;
  DelivererOptions options_;
  std::unique_ptr<Deliverer> deliverer_;
};

constexpr const char* kUrl = "https://hooks.example.com/a";

TEST_F(DelivererTest, S22_events_of_a_job_arrive_in_order_each_with_an_id_of_its_own) {
  run_job("job_a", kUrl);
  EXPECT_EQ(drain(), 2);
  ASSERT_EQ(poster_.all.size(), 2u);
  EXPECT_EQ(poster_.all[0].body, "job.processing");
  EXPECT_EQ(poster_.all[1].body, "job.completed");
  EXPECT_NE(poster_.all[0].event_id, poster_.all[1].event_id);
  EXPECT_EQ(drain(), 0);
}

TEST_F(DelivererTest, S22_a_test_comes_first_and_is_tried_once) {
  run_job("job_a", kUrl);
  add_endpoint("we_1", "https://other.example.com/", false);
  ASSERT_TRUE(endpoints().disable("we_1", "", now_).value());
  ASSERT_TRUE(store::WebhookTestRepository(*database_).add({"t", "id of t", "acc", "we_1", now_}));
  poster_.answers = {{500, {}, {}}};
  EXPECT_EQ(drain(), 3);
  EXPECT_EQ(poster_.all[0].url, "https://other.example.com/");
  EXPECT_EQ(poster_.all[0].event_id, "id of t");
  EXPECT_EQ(poster_.all[0].body, test_body("id of t"));
  now_ += 86'400'000;
  EXPECT_EQ(drain(), 0);
}

TEST_F(DelivererTest, S22_a_later_event_waits_for_the_earlier_one_and_ids_stay) {
  poster_.answers = {{500, {}, {}}, {{}, "timeout", {}}};
  run_job("job_a", kUrl);
  EXPECT_EQ(drain(), 1) << "job.completed must not overtake";
  now_ += 1999;
  EXPECT_EQ(drain(), 0);
  now_ += 1;
  EXPECT_EQ(drain(), 1);
  now_ += 4000;
  EXPECT_EQ(drain(), 2);
  ASSERT_EQ(poster_.all.size(), 4u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(poster_.all[static_cast<std::size_t>(i)].body, "job.processing");
    EXPECT_EQ(poster_.all[static_cast<std::size_t>(i)].event_id, poster_.all[0].event_id);
  }
  EXPECT_EQ(poster_.all[3].body, "job.completed");
  const auto list = outbox().list({}, 10).value();
  const auto log = outbox().attempts(list[1].id).value();
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(log[0].status, 500);
  EXPECT_EQ(log[1].error, "timeout");
  EXPECT_EQ(log[2].error, std::nullopt);
}

TEST_F(DelivererTest, S22_what_is_given_up_is_kept_lets_the_next_go_and_can_be_sent_again) {
  options_.retry.span = 0ms;
  make();
  for (int i = 0; i < 3; ++i) poster_.answers.push_back({503, {}, {}});
  run_job("job_a", kUrl);
  for (int i = 0; i < 3; ++i) {
    drain();
    now_ += 30'000;
  }
  EXPECT_THAT(states(), testing::ElementsAre("job.completed DELIVERED", "job.processing FAILED"));
  EXPECT_EQ(poster_.all.size(), 4u);
  EXPECT_EQ(outbox().resend(poster_.all[0].event_id, now_).value(), 1);
  EXPECT_EQ(drain(), 1);
  EXPECT_EQ(poster_.all.back().event_id, poster_.all[0].event_id);
  EXPECT_THAT(states(), testing::Contains("job.processing DELIVERED"));
}

TEST_F(DelivererTest, S22_410_disables_the_endpoint) {
  add_endpoint("we_1", kUrl, true);
  poster_.answers = {{410, {}, {}}};
  run_job("job_a", {});
  EXPECT_EQ(drain(), 2);
  EXPECT_EQ(poster_.all.size(), 1u) << "a disabled endpoint gets nothing";
  EXPECT_THAT(states(), testing::ElementsAre("job.completed FAILED", "job.processing FAILED"));
  const auto endpoint = endpoints().find("we_1").value();
  EXPECT_FALSE(endpoint.is_active);
  EXPECT_EQ(endpoint.disabled_reason, "The receiver answered 410 Gone.");
  run_job("job_b", {});
  EXPECT_EQ(drain(), 0) << "nothing is queued for it";
  run_job("job_c", kUrl);
  drain();
  EXPECT_EQ(poster_.all.size(), 1u) << "not by the job's own URL either";
  EXPECT_TRUE(endpoints().enable("we_1").value());
  run_job("job_d", {});
  drain();
  EXPECT_EQ(poster_.all.size(), 3u);
}

TEST_F(DelivererTest, S22_410_of_an_unregistered_url_ends_that_delivery) {
  poster_.answers = {{410, {}, {}}};
  run_job("job_a", kUrl);
  drain();
  EXPECT_THAT(states(), testing::ElementsAre("job.completed DELIVERED", "job.processing FAILED"));
}

TEST_F(DelivererTest, S22_retry_after_is_honored) {
  poster_.answers = {{429, {}, 60s}};
  run_job("job_a", kUrl);
  EXPECT_EQ(drain(), 1);
  now_ += 59'999;
  EXPECT_EQ(drain(), 0);
  now_ += 1;
  EXPECT_EQ(drain(), 2);
}

TEST_F(DelivererTest, S22_a_redirect_is_a_failure) {
  poster_.answers = {{302, {}, {}}};
  run_job("job_a", kUrl);
  EXPECT_EQ(drain(), 1);
  const auto list = outbox().list({}, 10).value();
  EXPECT_EQ(list[1].state, DeliveryState::pending);
  EXPECT_EQ(outbox().attempts(list[1].id)->at(0).status, 302);
}

TEST_F(DelivererTest, S22_what_leads_inside_is_never_posted) {
  for (const char* url : {"https://127.0.0.1/", "http://example.com/", "https://localhost/"})
    run_job("job " + std::string(url), url);
  drain();
  EXPECT_TRUE(poster_.all.empty());
  EXPECT_THAT(states(), testing::Each(testing::EndsWith("FAILED")));
}

TEST_F(DelivererTest, a_jobs_trace_goes_along_with_a_step_of_its_own_for_each_try) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const store::Job job = add_job("job_a", kUrl);
  ASSERT_TRUE(database_->write("UPDATE jobs SET trace = $1",
                               {"00-" + trace + "-00f067aa0ba902b7-01 a=1,b=x y"}));
  record(job, store::EventName::processing);
  poster_.answers = {{500, {}, {}}};
  drain();
  now_ += 60'000;
  drain();
  ASSERT_EQ(poster_.all.size(), 2u);
  std::set<std::string> parents;
  for (const Received& got : poster_.all) {
    const auto at = got.headers.find("traceparent: 00-" + trace + "-");
    ASSERT_NE(at, std::string::npos) << got.headers;
    parents.insert(got.headers.substr(at, got.headers.find('\n', at) - at));
    EXPECT_THAT(got.headers, testing::HasSubstr("\ntracestate: a=1,b=x y\n"));
    EXPECT_THAT(got.headers, testing::Not(testing::HasSubstr("00f067aa0ba902b7")));
  }
  EXPECT_EQ(parents.size(), 2u);
}

TEST_F(DelivererTest, a_job_without_a_trace_is_delivered_without_one) {
  run_job("job_a", kUrl);
  drain();
  ASSERT_FALSE(poster_.all.empty());
  EXPECT_THAT(poster_.all[0].headers, testing::Not(testing::HasSubstr("trace")));
}

TEST_F(DelivererTest, S22_secrets_the_endpoints_own_or_the_accounts) {
  add_endpoint("we_1", kUrl, false);
  run_job("job_a", kUrl);
  run_job("job_b", "https://other.example.com/");
  drain();
  ASSERT_EQ(poster_.all.size(), 4u);
  const std::string sealed = endpoints().account_secrets("acc", "").value().secret;
  const std::string own = box_.open(sealed, "acc").value();
  for (const Received& got : poster_.all) {
    const std::string secret = got.url == kUrl ? "secret of we_1" : own;
    EXPECT_THAT(
        got.headers,
        testing::HasSubstr("X-CADLens-Signature: " + body_signature(secret, got.body) + "\n"));
  }
}

TEST_F(DelivererTest, S22_a_rotated_secret_signs_beside_the_new_one) {
  const auto endpoint = add_endpoint("we_1", kUrl, true);
  const auto rotated = rotate(box_, endpoint.secrets, "we_1", now_ + 1000).value();
  ASSERT_TRUE(endpoints().set_secrets("we_1", rotated.sealed).value());
  run_job("job_a", {});
  ASSERT_TRUE(deliverer_->deliver_one());
  now_ += 1000;
  ASSERT_TRUE(deliverer_->deliver_one());
  const auto signature = [](const Received& got, const std::string& secret, std::int64_t at) {
    return standard_signature(secret, got.event_id, at / 1000, got.body);
  };
  const Received &first = poster_.all.at(0), &second = poster_.all.at(1);
  EXPECT_THAT(
      first.headers,
      testing::HasSubstr("webhook-signature: " + signature(first, rotated.secret, now_ - 1000) +
                         " " + signature(first, "secret of we_1", now_ - 1000) + "\n"));
  EXPECT_THAT(
      second.headers,
      testing::HasSubstr("webhook-signature: " + signature(second, rotated.secret, now_) + "\n"));
}

TEST_F(DelivererTest, S22_what_a_crash_cuts_short_is_sent_by_the_next_start) {
  run_job("job_a", kUrl);
  store::ClaimRules rules;
  rules.now = rules.mail_before = now_;
  rules.lease_until = now_ + 60'000;
  ASSERT_TRUE(outbox().claim(rules).value());  // and the process dies
  EXPECT_EQ(drain(), 0) << "leased";
  EXPECT_EQ(outbox().reclaim_all().value(), 1);
  EXPECT_EQ(drain(), 2);
}

TEST_F(DelivererTest, a_lease_that_runs_out_is_offered_again) {
  run_job("job_a", kUrl);
  store::ClaimRules rules;
  rules.now = rules.mail_before = now_;
  rules.lease_until = now_ + 60'000;
  ASSERT_TRUE(outbox().claim(rules).value());
  now_ += 60'000;
  EXPECT_EQ(drain(), 2);
}

TEST_F(DelivererTest, one_host_cannot_take_every_sender) {
  for (int i = 0; i < 20; ++i)
    add_job("job_" + std::to_string(i), "https://slow.test/" + std::to_string(i));
  for (int i = 0; i < 20; ++i)
    record(store::JobRepository(*database_).find("job_" + std::to_string(i)).value(),
           store::EventName::processing);
  ++now_;
  run_job("job_z", "https://quick.test/");
  run_job("job_y", "https://third.test/", "acc2");
  store::ClaimRules rules;
  rules.now = rules.mail_before = now_;
  rules.lease_until = now_ + 60'000;
  rules.most_of_lane = 2;
  rules.most_of_account = 3;
  std::vector<std::string> chosen;
  while (const auto claimed = outbox().claim(rules).value()) chosen.push_back(claimed->target);
  EXPECT_THAT(chosen, testing::UnorderedElementsAre(testing::StartsWith("https://slow.test/"),
                                                    testing::StartsWith("https://slow.test/"),
                                                    "https://quick.test/", "https://third.test/"));
}

TEST_F(DelivererTest, events_of_a_deleted_job_go_with_it) {
  run_job("job_a", kUrl);
  ASSERT_TRUE(store::JobRepository(*database_).remove("job_a").value());
  EXPECT_EQ(drain(), 0);
  EXPECT_TRUE(outbox().list({}, 10)->empty());
}

TEST_F(DelivererTest, a_body_that_cannot_be_built_now_is_tried_later) {
  body_error_ = Error{ErrorCode::unavailable, "busy"};
  run_job("job_a", kUrl);
  EXPECT_EQ(drain(), 1);
  body_error_.reset();
  now_ += 2000;
  EXPECT_EQ(drain(), 2);
}

TEST_F(DelivererTest, S22_mails_wait_a_little_and_only_tell_the_end) {
  std::vector<std::string> mails;
  mail_ = [&](const store::Delivery& delivery) {
    mails.push_back(delivery.target + " " + std::string(to_string(delivery.event.name)));
    return Sent{Sent::Kind::delivered};
  };
  mail_to_ = "ann@example.com";
  make();
  run_job("job_a", kUrl);
  EXPECT_EQ(drain(), 2);
  EXPECT_TRUE(mails.empty());
  now_ += 30'000;
  EXPECT_EQ(drain(), 1);
  EXPECT_THAT(mails, testing::ElementsAre("ann@example.com job.completed"));
}

TEST_F(DelivererTest, without_a_mail_server_a_mail_fails_for_good) {
  mail_to_ = "ann@example.com";
  run_job("job_a", {});
  now_ += 30'000;
  EXPECT_EQ(drain(), 1);
  EXPECT_THAT(states(), testing::ElementsAre("job.completed FAILED"));
}

TEST_F(DelivererTest, threads_send_everything_once_and_stop) {
  for (int i = 0; i < 30; ++i)
    run_job("job_" + std::to_string(i), "https://h" + std::to_string(i % 5) + ".test/");
  deliverer_->start();
  for (int i = 0; i < 1000 && outbox().list(DeliveryState::delivered, 100)->size() < 60; ++i)
    std::this_thread::sleep_for(10ms);
  deliverer_->stop(20s, [] {});
  EXPECT_EQ(poster_.all.size(), 60u);
  std::map<std::string, int> seen;
  for (const Received& got : poster_.all) ++seen[got.event_id];
  EXPECT_EQ(seen.size(), 60u);
}

TEST_F(DelivererTest, what_a_stop_cuts_off_is_tried_again_later) {
  std::promise<void> cut;
  begin_mail([&] {
    cut.get_future().wait();
    return Sent{Sent::Kind::retry, std::nullopt, "The service is stopping."};
  });
  deliverer_->stop(1ms, [&] { cut.set_value(); });
  EXPECT_THAT(states(), testing::ElementsAre("job.completed PENDING"));
}

TEST_F(DelivererTest, a_try_that_ends_within_the_grace_is_not_cut_off) {
  std::promise<void> stopping;
  begin_mail([&] {
    stopping.get_future().wait();
    std::this_thread::sleep_for(20ms);
    return Sent{Sent::Kind::delivered};
  });
  std::thread waiting([&] { stopping.set_value(); });
  std::vector<std::string> at_cut;
  deliverer_->stop(20s, [&] { at_cut = states(); });
  waiting.join();
  EXPECT_THAT(at_cut, testing::ElementsAre("job.completed DELIVERED"));
}

}  // namespace
}  // namespace cad::webhooks
