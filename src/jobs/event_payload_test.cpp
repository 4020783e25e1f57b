// SPDX-License-Identifier: Apache-2.0
// What is told of a job, from what is stored of it.
#include "jobs/event_payload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "jobs/fake_blobs.hpp"
#include "jobs/fake_parts.hpp"
#include "jobs/previews.hpp"
#include "store/testing/accounts.hpp"

namespace cad::jobs {
namespace {

using Json = nlohmann::json;
using store::EventName;

class PayloadTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-payload-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    store::ApiKey key;
    key.id = "key";
    key.account_id = "acc";
    ASSERT_TRUE(store::add_account_of(*database_, key));
    queue_ = queue::make_database_queue(*database_, 2);
    log_ =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
    services_ = std::make_unique<Services>(Services{*database_, blobs_, *queue_, events_,
                                                    in_flight_, signer_, *log_,
                                                    [] { return UnixMs{5000}; }, Settings{}});
    store::Job job;
    job.id = job.uuid = "job_a";
    job.key_id = "key";
    job.account_id = "acc";
    job.webhook_url = "https://hooks.example.com/";
    job.file_name = "house.dxf";
    ASSERT_TRUE(services_->jobs().insert(job, {}));
    taken_ = queue_->take("me", 1000, std::chrono::seconds(30)).value().value();
  }
  void TearDown() override {
    services_.reset();
    queue_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  void complete(const std::string& summary) {
    put_parts(blobs_, "job_a", 1, {{PartKind::summary, summary}});
    ASSERT_TRUE(
        services_->jobs()
            .complete("job_a", "me", 1, {{"pack", 0, 1}, {"png", 0, 1}, {"png", 1, 1}}, 2000)
            .value());
  }
  // Of the last event that the outbox holds.
  Result<std::string> text() {
    const auto list = store::OutboxRepository(*database_).list({}, 10).value();
    return event_payload(*services_, list.front().event, "https://cad.example.com");
  }
  Json payload() { return Json::parse(text().value()); }

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  FakeBlobs blobs_;
  std::unique_ptr<queue::Queue> queue_;
  EventHub events_;
  InFlight in_flight_;
  auth::UrlSigner signer_{std::array<std::uint8_t, 32>{}};
  std::shared_ptr<spdlog::logger> log_;
  std::unique_ptr<Services> services_;
  queue::Taken taken_;
};

std::string summary_with(std::size_t sheet_bytes, std::size_t metadata_bytes) {
  return Json{{"schemaVersion", "2.0.0"},
              {"parserVersion", "0"},
              {"file", {{"name", "house.dxf"}}},
              {"summary", {{"totalSheets", 2}}},
              {"metadata", {{"x", std::string(metadata_bytes, 'm')}}},
              {"parseInfo", {{"sheets", 1}}},
              {"sheets", {{{"key", "a"}, {"fill", std::string(sheet_bytes, 's')}}, {{"key", "b"}}}},
              {"entityCount", 7},
              {"layerCount", 3}}
      .dump();
}

TEST_F(PayloadTest, S22_taking_a_job_is_an_event_written_with_it) {
  const Json told = payload();
  EXPECT_EQ(told["event"], "job.processing");
  EXPECT_EQ(told["sequence"], 1);
  EXPECT_EQ(told["status"], "PROCESSING");
  EXPECT_EQ(told["jobId"], "job_a");
  EXPECT_EQ(told["timestamp"], "1970-01-01T00:00:01.000Z");
  EXPECT_EQ(told.size(), 6u);
}

TEST_F(PayloadTest, S22_a_job_taken_again_is_announced_once) {
  ASSERT_TRUE(queue_->give_back("job_a", taken_.lease, 1100, 1100, true).value());
  ASSERT_TRUE(queue_->take("me", 1200, std::chrono::seconds(30)).value());
  EXPECT_EQ(store::OutboxRepository(*database_).list({}, 10)->size(), 1u);
}

TEST_F(PayloadTest, S22_a_completed_job_tells_its_summary) {
  complete(summary_with(10, 10));
  const Json told = payload();
  EXPECT_EQ(told["event"], "job.completed");
  EXPECT_EQ(told["sequence"], 2);
  const Json& result = told["result"];
  EXPECT_EQ(result["schemaVersion"], "2.0.0");
  EXPECT_EQ(result["resultUrl"], "https://cad.example.com/v1/jobs/job_a/result");
  EXPECT_EQ(result["entityCount"], 7);
  EXPECT_EQ(result["layerCount"], 3);
  EXPECT_EQ(result["sheets"].size(), 2u);
  ASSERT_EQ(result["imageUrls"].size(), 2u);
  EXPECT_EQ(result["imageUrl"], result["imageUrls"][0]);
  EXPECT_THAT(result["imageUrl"].get<std::string>(),
              testing::StartsWith("https://cad.example.com/v1/previews/job_a/0.png?expires=3605"));
  EXPECT_FALSE(result.contains("parseInfo"));
  EXPECT_FALSE(result.contains("parserVersion"));
}

TEST_F(PayloadTest, S20_a_preview_that_the_store_links_to_has_that_link_for_an_hour) {
  complete(summary_with(10, 10));
  blobs_.links[part_key("job_a", 1, "png", 1)] = "https://s3.example.com/copy";
  const Json urls = payload()["result"]["imageUrls"];
  EXPECT_THAT(urls[0].get<std::string>(), testing::HasSubstr("/v1/previews/job_a/0.png?expires="));
  EXPECT_EQ(urls[1], "https://s3.example.com/copy?life=3600");
  EXPECT_TRUE(is_preview_key(part_key("job_a", 1, "png", 1)));
  EXPECT_FALSE(is_preview_key(part_key("job_a", 1, "scene", 1)));
  EXPECT_FALSE(is_preview_key(upload_key("job_a")));
}

TEST_F(PayloadTest, a_store_that_gives_no_link_now_fails_nobody_and_is_asked_once) {
  complete(summary_with(10, 10));
  blobs_.links[part_key("job_a", 1, "png", 0)] = "https://s3.example.com/copy";
  const store::Job job = services_->jobs().find("job_a").value();
  const std::string base = "https://cad.example.com";
  EXPECT_EQ(first_preview_url(*services_, job, base).value(),
            "https://s3.example.com/copy?life=3600");
  EXPECT_EQ(blobs_.links_asked, 1) << "of the first sheet alone";
  blobs_.away = true;
  blobs_.links_asked = 0;
  const auto urls = preview_urls(*services_, job, base).value();
  ASSERT_EQ(urls.size(), 2u);
  for (const PreviewUrl& url : urls) EXPECT_TRUE(url.url.starts_with(base + "/v1/previews/"));
  EXPECT_EQ(blobs_.links_asked, 1);
}

TEST_F(PayloadTest, S22_over_256_kb_goes_without_sheets) {
  complete(summary_with(250 * 1024, 1000));
  EXPECT_TRUE(payload()["result"].contains("sheets"));
  put_parts(blobs_, "job_a", 1, {{PartKind::summary, summary_with(256 * 1024, 1000)}});
  EXPECT_FALSE(payload()["result"].contains("sheets"));
  EXPECT_TRUE(payload()["result"].contains("metadata"));
  put_parts(blobs_, "job_a", 1, {{PartKind::summary, summary_with(3 << 20, 1000)}});
  EXPECT_FALSE(payload()["result"].contains("sheets"));
  EXPECT_EQ(payload()["result"]["layerCount"], 3);
  put_parts(blobs_, "job_a", 1, {{PartKind::summary, summary_with(10, 300 * 1024)}});
  EXPECT_FALSE(payload()["result"].contains("metadata"));
  EXPECT_LT(text()->size(), kMostPayload);
}

TEST_F(PayloadTest, S22_a_failed_job_tells_why) {
  ASSERT_TRUE(services_->jobs()
                  .fail_job("job_a", "me", 1, "DAMAGED_DRAWING", "It is damaged.", 2000)
                  .value());
  const Json told = payload();
  EXPECT_EQ(told["event"], "job.failed");
  EXPECT_EQ(told["error"], "It is damaged.");
  EXPECT_EQ(told["errorCode"], "DAMAGED_DRAWING");
}

TEST_F(PayloadTest, a_damaged_summary_is_an_error_and_a_deleted_job_not_found) {
  complete("[1");
  EXPECT_EQ(text().error().code, ErrorCode::integrity);
  store::Event event;
  event.job_id = "job_gone";
  EXPECT_EQ(event_payload(*services_, event, "").error().code, ErrorCode::not_found);
}

TEST_F(PayloadTest, S22_who_lost_the_lease_writes_no_event) {
  EXPECT_FALSE(services_->jobs().complete("job_a", "other", 1, {}, 2000).value());
  EXPECT_FALSE(services_->jobs().fail_job("job_a", "me", 9, "X", "x", 2000).value());
  EXPECT_EQ(store::OutboxRepository(*database_).list({}, 10)->size(), 1u);
}

}  // namespace
}  // namespace cad::jobs
