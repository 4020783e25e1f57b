// SPDX-License-Identifier: Apache-2.0
// Every route while the database or the object store is away: a clear 503 that says when to come
// back, never an answer that blames the caller, and work again without a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "app/account_services.hpp"
#include "app/testing/away.hpp"
#include "auth/api_key.hpp"
#include "auth/authenticator.hpp"
#include "http/dispatch.hpp"
#include "http/routes.hpp"
#include "jobs/fake_parts.hpp"
#include "jobs/services.hpp"
#include "logging/fields.hpp"
#include "store/outbox.hpp"
#include "store/testing/accounts.hpp"

namespace cad::app {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

struct Got {
  int status = 0;
  std::string body, retry_after;
  std::string rates;  // what the headers tell of limits
  Json json() const { return Json::parse(body, nullptr, false); }
};

class Degradation : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-degradation-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    sqlite_ = store::open_sqlite((dir_ / "db").string()).value();
    database_ = std::make_unique<store::AwayDatabase>(*sqlite_, kInside);
    ASSERT_TRUE(store::migrate(*database_, 1));
    auto masters =
        secrets::KeySource::fixed(secrets::KeyRing::of_one(std::as_bytes(std::span(raw_)), "test"));
    keys_.master = keys_.signing = masters;
    blobs_ = std::make_unique<SwitchBlobs>(
        blobs::open_local_store((dir_ / "blobs").string(), masters).value(), blobs_away_);
    audit_ = std::make_unique<audit::Log>(*database_, masters, clock_, &log_);
    queue_ = queue::make_database_queue(*database_, 2);
    signer_ = std::make_unique<auth::UrlSigner>(keys_.signing);
    jobs::Settings settings;
    settings.sync_wait = 50ms;
    settings.security_contacts = {"mailto:security@example.com"};
    services_ = std::make_unique<jobs::Services>(jobs::Services{
        *database_, *blobs_, *queue_, events_, in_flight_, *signer_, log_, clock_, settings});
    config_.registration = "open";
    config_.mail.owner = "owner@example.com";
    people_ = AccountServices::make(*services_, config_, keys_, nullptr, *audit_).value();
    authenticator_ = std::make_unique<auth::Authenticator>(*database_, people_->tokens(), clock_);
    api_.reset(new http::Api{*services_, *authenticator_, people_->accounts(), people_->hashing(),
                             people_->webhook_secrets(), *limiter_, unlimited(), walls()});
    offer_sign_in(masters);
    handler_ = http::make_handler(*api_);
    add_account();
    add_job();
  }
  void TearDown() override {
    people_->hashing().stop();
    handler_ = nullptr;
    api_.reset();
    std::filesystem::remove_all(dir_);
  }

  static sandbox::Isolation walls() {
    sandbox::Isolation walls;
    walls.seccomp = walls.no_new_privs = walls.rlimits = walls.capabilities = true;
    walls.not_dumpable = walls.namespaces = true;
    walls.landlock = 3;
    return walls;
  }

  void offer_sign_in(const std::shared_ptr<secrets::KeySource>& masters) {
    oauth::Settings settings;
    settings.github_client_id = "client";
    oauth::ClientSecrets secrets;
    std::string secret = "a secret of the test";
    secrets.github = Secret::from_text(secret);
    sign_in_ = std::make_unique<oauth::SignIn>(
        *database_, masters, fetcher_, oauth::make_providers(settings, std::move(secrets)).value(),
        clock_);
    api_->sign_in = sign_in_.get();
    api_->oauth_callback_url = "https://cad.example.com/v1/auth/{provider}/callback";
  }

  static rate::Rules unlimited() {
    rate::Rules rules;
    for (rate::Rate* rate : {&rules.per_address, &rules.per_key, &rules.per_costly,
                             &rules.per_sign_in, &rules.per_account_sign_in, &rules.per_mailbox})
      rate->per_minute = 0;
    return rules;
  }

  void add_account() {
    const auto made = auth::make_api_key();
    key_ = made.raw;
    store::ApiKey record{.id = "key_1",
                         .account_id = "acc_1",
                         .name = "n",
                         .prefix = made.prefix,
                         .hash = made.hash,
                         .scopes = "parse jobs:read jobs:delete webhooks usage:read",
                         .created_at = 1};
    ASSERT_TRUE(store::add_account_of(*database_, record));
    const store::UnixMs now = clock_();
    const store::SessionRecord session{"ses_1", "acc_1", "agent",         "192.0.2.1",
                                       now,     now,     now + 86'400'000};
    ASSERT_TRUE(store::SessionRepository(*database_)
                    .insert(session, {"hash", "ses_1", now, now + 86'400'000}, "key_dash"));
    token_ = people_->tokens().issue({"ses_1", "acc_1"}).value();
  }

  // A completed one, with all of its parts.
  void add_job() {
    store::Job job;
    job.id = job_;
    job.uuid = "u";
    job.key_id = "key_1";
    job.account_id = "acc_1";
    job.format = "dxf";
    job.created_at = job.updated_at = clock_();
    job.expires_at = job.created_at + 1'000'000;
    ASSERT_TRUE(services_->jobs().insert(job, {}));
    complete(job_);
  }
  void complete(const std::string& job) {
    ASSERT_TRUE(database_->write(
        "UPDATE jobs SET status = 'COMPLETED', result_attempt = 1 WHERE id = $1", {job}));
    using enum PartKind;
    const auto objects = jobs::put_parts(*blobs_, job, 1,
                                         {{result, "{}"},
                                          {slots, "{}"},
                                          {index, "{}"},
                                          {summary, "{}"},
                                          {png, "{}"},
                                          {scene, "{}"}});
    for (const store::Part& object : objects)
      ASSERT_TRUE(
          database_->write("INSERT INTO parts (job_id, kind, number, size) VALUES ($1,$2,$3,$4)",
                           {job, object.kind, object.number, object.size}));
  }

  // What a route needs so that it comes to its work.
  std::string body_of(const http::Route& route, http::Headers& headers) const {
    if (route.body == http::Body::upload) {
      headers.set("Content-Type", "multipart/form-data; boundary=b");
      return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.dxf\"\r\n\r\n"
             "0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n\r\n--b--\r\n";
    }
    if (route.body == http::Body::none) return "";
    headers.set("Content-Type", "application/json");
    const std::string pattern(route.pattern);
    Json body;
    if (pattern.ends_with("register") || pattern.ends_with("login") ||
        pattern.ends_with("change-email") || pattern.ends_with("set-up"))
      body = {{"email", "a@example.com"}, {"password", "correct horse 91"}};
    if (pattern.ends_with("forgot-password")) body = {{"email", "a@example.com"}};
    if (pattern.ends_with("verify-email") || pattern.ends_with("reset-password"))
      body = {{"token", std::string(43, 'a')}, {"password", "correct horse 91"}};
    if (pattern.ends_with("confirm-email") || pattern.ends_with("one-time"))
      body = {{"token", std::string(43, 'a')}};
    if (pattern.ends_with("refresh")) body = {{"refreshToken", std::string(43, 'a')}};
    if (pattern.ends_with("change-password"))
      body = {{"currentPassword", "correct horse 91"}, {"newPassword", "correct horse 92"}};
    if (pattern.ends_with("contact")) body = {{"email", "a@example.com"}, {"message", "m"}};
    if (pattern.ends_with("waitlist")) body = {{"email", "a@example.com"}};
    if (pattern.ends_with("exchange")) body = {{"state", state_}, {"code", "c"}};
    if (pattern.ends_with("/v1/keys")) body = {{"name", "n"}};
    if (pattern.ends_with("/v1/me/webhooks")) body = {{"url", "https://example.com/x"}};
    if (pattern.ends_with("/v1/me/webhooks/{id}")) body = {{"isActive", true}};
    return body.is_null() ? "{}" : body.dump();
  }

  std::string path_of(const http::Route& route) const {
    std::string path(route.pattern);
    const auto replace = [&path](const std::string& word, const std::string& with) {
      if (const auto at = path.find(word); at != path.npos) path.replace(at, word.size(), with);
    };
    replace("{provider}", "github");
    replace("{file}", "0.png");
    replace("{id}",
            path.starts_with("/v1/jobs") || path.starts_with("/v1/previews") ? job_ : "x_1");
    if (path.ends_with("/callback")) path += "?code=c&state=" + state_;
    if (path.starts_with("/v1/previews"))
      path += signer_->query("GET", path, clock_() / 1000 + 1000);
    return path;
  }

  // Lives until its answer is out.
  struct Asked {
    http::Request request;
    std::unique_ptr<TextBody> body;
  };
  std::unique_ptr<Asked> asked(const http::Route& route, const std::string& path) const {
    auto out = std::make_unique<Asked>();
    http::Request& request = out->request;
    request.method = std::string(route.method);
    EXPECT_TRUE(http::parse_target(path, request)) << path;
    request.remote = "192.0.2.1";
    out->body = std::make_unique<TextBody>(body_of(route, request.headers));
    request.body = out->body.get();
    if (!route.access.is_open())
      request.headers.set("Authorization",
                          "Bearer " + (route.access.needs_session() ? token_ : key_));
    return out;
  }
  Got ask(const http::Route& route) {
    const auto one = asked(route, path_of(route));
    return settled(handler_(one->request));
  }
  static const http::Route& find(std::string_view method, std::string_view pattern) {
    for (const http::Route& route : http::routes())
      if (route.method == method && route.pattern == pattern) return route;
    ADD_FAILURE() << method << " " << pattern;
    return http::routes().front();
  }
  Got ask(std::string_view method, std::string_view pattern) { return ask(find(method, pattern)); }

  // As the server does it: waits for what comes later, and reads what is read piece by piece.
  static Got settled(http::Response response) {
    while (const auto* deferred = std::get_if<http::Deferred>(&response.body)) {
      std::shared_ptr<http::Response> later;
      for (int i = 0; i < 3000 && !later; ++i) {
        later = deferred->then(false);
        if (!later) std::this_thread::sleep_for(10ms);
      }
      if (!later) later = deferred->then(true);
      http::Response next = std::move(*later);
      response = std::move(next);
    }
    Got got;
    got.status = response.status;
    got.retry_after = response.headers.find("Retry-After").value_or("");
    for (const auto& [name, value] : response.headers.all())
      if (name.starts_with("RateLimit-")) got.rates += name + ": " + value + "\n";
    if (const auto* text = std::get_if<std::string>(&response.body)) got.body = *text;
    if (response.on_sent) response.on_sent(true);
    return got;
  }

  void expect_away(const Got& got, const std::string& where) {
    EXPECT_EQ(got.status, 503) << where << ": " << got.body;
    EXPECT_EQ(got.json().value("code", ""), "UNAVAILABLE") << where << ": " << got.body;
    EXPECT_NE(got.retry_after, "") << where;
  }

  std::filesystem::path dir_;
  std::ostringstream told_;
  spdlog::logger log_{"test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told_)};
  std::function<store::UnixMs()> clock_ = [] { return store::UnixMs{1'800'000'000'000}; };
  bool blobs_away_ = false;
  crypto::Key256 raw_ = crypto::random_key();
  Keys keys_;
  Config config_;
  std::unique_ptr<store::Database> sqlite_;
  std::unique_ptr<store::AwayDatabase> database_;
  std::unique_ptr<blobs::BlobStore> blobs_;
  std::unique_ptr<audit::Log> audit_;
  std::unique_ptr<queue::Queue> queue_;
  std::unique_ptr<auth::UrlSigner> signer_;
  jobs::EventHub events_;
  jobs::InFlight in_flight_;
  std::unique_ptr<rate::Limiter> limiter_ = rate::make_memory_limiter(1024, rate::monotonic_us);
  NoFetcher fetcher_;
  std::unique_ptr<oauth::SignIn> sign_in_;
  std::unique_ptr<jobs::Services> services_;
  std::unique_ptr<AccountServices> people_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<http::Api> api_;
  http::Handler handler_;
  std::string key_, token_;
  const std::string job_ = "job_" + std::string(32, 'a');
  const std::string state_ = std::string(43, 'a');  // of a sign-in
};

std::string name_of(const http::Route& route) {
  return std::string(route.method) + " " + std::string(route.pattern);
}

TEST_F(Degradation, without_the_database_every_route_that_needs_it_answers_503) {
  const std::vector<std::string> others{
      "GET /v1/auth/options",          "GET /v1/formats", "GET /v1/pricing", "GET /openapi.json",
      "GET /.well-known/security.txt",
      "GET /.well-known/jwks.json",      // it knows its keys for a while
      "POST /v1/auth/forgot-password"};  // answered before it is looked up: nobody shall learn
  database_->away = true;
  for (const http::Route& route : http::routes()) {
    const std::string where = name_of(route);
    const Got got = ask(route);
    EXPECT_THAT(got.body, testing::Not(testing::HasSubstr(kInside))) << where;
    if (std::find(others.begin(), others.end(), where) != others.end()) {
      EXPECT_THAT(got.status, testing::AnyOf(200, 202)) << where << ": " << got.body;
    } else if (where == "GET /live") {
      EXPECT_EQ(got.status, 200) << "nobody may be restarted for it";
    } else if (where == "GET /health" || where == "GET /ready") {
      EXPECT_EQ(got.status, 503) << where;
      EXPECT_NE(got.retry_after, "") << where;
      EXPECT_EQ(got.json().value("db", ""), "down") << where;
    } else {
      expect_away(got, where);
    }
  }
  people_->hashing().stop();
  EXPECT_THAT(told_.str(), testing::HasSubstr("event=request_failed request="));
  EXPECT_THAT(told_.str(), testing::HasSubstr(kInside)) << "the operator is told";
}

TEST_F(Degradation, it_is_all_there_again_when_the_database_is_back) {
  database_->away = true;
  expect_away(ask("GET", "/v1/jobs"), "away");
  expect_away(ask("GET", "/v1/auth/me"), "away");
  database_->away = false;
  EXPECT_EQ(ask("GET", "/v1/jobs").status, 200);
  EXPECT_EQ(ask("GET", "/v1/auth/sessions").status, 200);
  EXPECT_EQ(ask("POST", "/v1/parse").status, 202);
}

TEST_F(Degradation, without_the_store_what_needs_it_answers_503_and_the_rest_works) {
  const std::vector<std::string> need{"POST /v1/parse",
                                      "GET /v1/jobs/{id}/result",
                                      "GET /v1/jobs/{id}/summary",
                                      "GET /v1/jobs/{id}/upload",
                                      "GET /v1/jobs/{id}/entities",
                                      "GET /v1/jobs/{id}/scene",
                                      "GET /v1/previews/{id}/{file}"};
  blobs_away_ = true;
  for (const http::Route& route : http::routes()) {
    const std::string where = name_of(route);
    if (route.method == "DELETE") continue;
    const Got got = ask(route);
    EXPECT_THAT(got.body, testing::Not(testing::HasSubstr(kInside))) << where;
    if (std::find(need.begin(), need.end(), where) != need.end()) {
      expect_away(got, where);
    } else if (where == "GET /ready") {
      EXPECT_EQ(got.status, 503);
      EXPECT_EQ(got.json().value("store", ""), "down");
      EXPECT_EQ(got.json().value("db", ""), "ok");
    } else {
      EXPECT_LT(got.status, 500) << where << ": " << got.body;
    }
  }
  EXPECT_EQ(store::OutboxRepository(*database_).list({}, 10)->size(), 0u);
  const auto jobs = services_->jobs().of_account("acc_1", 10);
  EXPECT_EQ(jobs->size(), 1u) << "an upload that was refused is no job";
}

TEST_F(Degradation, a_job_that_ends_while_the_store_is_away_is_an_answer_and_a_line_in_the_log) {
  const auto one = asked(find("POST", "/v1/parse"), "/v1/parse?wait=true");
  http::Response response = handler_(one->request);
  const auto* deferred = std::get_if<http::Deferred>(&response.body);
  ASSERT_NE(deferred, nullptr);
  const auto pending = database_->read("SELECT id FROM jobs WHERE status = 'PENDING'", {});
  ASSERT_EQ(pending->rows.size(), 1u);
  complete(pending->rows[0].text(0));
  blobs_away_ = true;
  const auto late = deferred->then(false);
  ASSERT_TRUE(late);
  const std::string id(late->headers.find("X-Request-Id").value_or(""));
  expect_away(settled(std::move(*late)), "sync");
  EXPECT_THAT(told_.str(),
              testing::HasSubstr("event=request_failed request=" + id + " code=UNAVAILABLE"));
  EXPECT_THAT(told_.str(), testing::HasSubstr(kInside));
}

TEST_F(Degradation, a_job_that_cannot_be_removed_wholly_can_be_removed_again) {
  blobs_away_ = true;
  const Got refused = ask("DELETE", "/v1/jobs/{id}");
  expect_away(refused, "delete");
  blobs_away_ = false;
  EXPECT_EQ(ask("DELETE", "/v1/jobs/{id}").status, 200);
  EXPECT_EQ(blobs_->list("")->size(), 0u);
}

TEST_F(Degradation, S14_probes_cost_nobody_anything_and_all_else_does) {
  api_->rates.per_address = {1, 1};
  const auto formats = [this] { return ask("GET", "/v1/formats").status; };
  for (const char* probe : {"/live", "/health", "/ready"})
    for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("GET", probe).status, 200) << probe;
  EXPECT_EQ(formats(), 200) << "the probes have left the bucket as it was";
  EXPECT_EQ(formats(), 429);
  for (const char* probe : {"/live", "/health", "/ready"})
    EXPECT_EQ(ask("GET", probe).status, 200) << probe;
}

// What else fills the owner's mailbox is other people's business.
TEST_F(Degradation, a_message_is_answered_the_same_however_full_the_owners_mailbox_is) {
  api_->rates.per_mailbox = {1, 2};
  const Got first = ask("POST", "/v1/contact");
  EXPECT_EQ(first.status, 202);
  for (int i = 0; i < 4; ++i) {
    const Got next = ask("POST", "/v1/contact");
    EXPECT_EQ(next.status, 202);
    EXPECT_EQ(next.rates + next.body, first.rates + first.body);
  }
}

TEST_F(Degradation, a_job_is_shown_with_its_preview_though_the_store_gives_no_link) {
  const auto link = [this] { return ask("GET", "/v1/jobs/{id}").json().value("imageUrl", ""); };
  EXPECT_TRUE(link().starts_with("https://store.example.com/")) << link();
  blobs_away_ = true;
  EXPECT_NE(link().find("/v1/previews/" + job_), std::string::npos) << link();
}

TEST_F(Degradation, a_draining_node_is_not_ready_but_lives) {
  EXPECT_EQ(ask("GET", "/ready").status, 200);
  api_->draining = true;
  const Got got = ask("GET", "/ready");
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.json().value("status", ""), "draining");
  EXPECT_NE(got.retry_after, "");
  EXPECT_EQ(ask("GET", "/health").status, 200);
  EXPECT_EQ(ask("GET", "/live").status, 200);
}

TEST_F(Degradation, every_line_that_was_logged_is_a_row_of_fields) {
  for (const http::Route& route : http::routes()) (void)ask(route);
  database_->away = true;
  for (const http::Route& route : http::routes()) (void)ask(route);
  people_->hashing().stop();
  std::istringstream lines(told_.str());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto at = line.find("event=");
    ASSERT_NE(at, line.npos) << line;
    EXPECT_TRUE(logging::parse_fields(line.substr(at))) << line;
    EXPECT_EQ(line.find("a@example.com"), line.npos) << line;
    EXPECT_EQ(line.find("a.dxf"), line.npos) << line;
    EXPECT_EQ(line.find("signature="), line.npos) << line;
  }
  EXPECT_GT(count, 100);
}

}  // namespace
}  // namespace cad::app
