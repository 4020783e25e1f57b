// SPDX-License-Identifier: Apache-2.0
// What only a store in S3 has; the rest is in contract_test.cpp.
#include "blobs/s3_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "blobs/envelope.hpp"
#include "blobs/testing/backends.hpp"
#include "crypto/hash.hpp"
#include "s3/testing/scripted_server.hpp"

namespace cad::blobs {
namespace {

using s3::testing::error_reply;
using s3::testing::reply;
using s3::testing::ScriptedRequest;
using s3::testing::ScriptedServer;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

// An S3 of one object, as far as the probe goes; `more` headers in every answer.
class OneObject {
 public:
  explicit OneObject(std::string more = "") : more_(std::move(more)) {}
  std::string operator()(const ScriptedRequest& request, int) {
    if (request.starts("PUT")) stored_ = request.body;
    const std::string etag =
        more_ + "ETag: \"" + crypto::md5_hex(crypto::as_bytes(stored_)).value() + "\"\r\n";
    if (request.starts("PUT")) return reply("200 OK", etag);
    if (request.starts("DELETE")) return reply("204 No Content", more_);
    if (request.starts("GET /bucket?"))
      return reply("200 OK", more_, "<ListBucketResult></ListBucketResult>");
    const std::string size = std::to_string(stored_.size());
    if (request.starts("HEAD"))
      return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + size + "\r\n" + etag +
             "\r\n";
    return reply("206 Partial Content", etag + "Content-Range: bytes 0-/" + size + "\r\n", stored_);
  }

 private:
  std::string more_, stored_;
};

S3StoreOptions options_of(const ScriptedServer& server, const std::string& more) {
  S3StoreOptions options{*s3::parse_settings(server.url() + "?region=r" + more),
                         testing::credentials_of("access", "secret"),
                         {}};
  options.client.retry_for = 50ms;
  options.client.first_pause = 1ms;
  return options;
}

TEST(S3Store, S03_a_server_that_does_not_say_that_it_encrypts_is_refused_where_that_is_required) {
  for (const auto& [echo, more, taken] :
       {std::tuple{"", "&sse-required=yes", false}, std::tuple{"", "", true},
        std::tuple{"x-amz-server-side-encryption: AES256\r\n", "&sse-required=yes", true},
        std::tuple{"x-amz-server-side-encryption: AES256\r\n", "&sse=aws:kms", false},
        std::tuple{"x-amz-server-side-encryption: aws:kms\r\n",
                   "&sse=aws:kms&sse-required=yes&kms-key=k", true},
        std::tuple{"", "&sse=none", true}}) {
    ScriptedServer server(OneObject{echo});
    const auto store = open_s3_store(options_of(server, more), testing::random_master());
    EXPECT_EQ(store.has_value(), taken) << echo << more;
    if (store) continue;
    EXPECT_THAT(store.error().message, HasSubstr("The S3 store cannot be used: "));
    EXPECT_TRUE(server.requests().back().starts("DELETE")) << "the probe is gone";
  }
}

TEST(S3Store, S03_encryption_is_asked_for_with_every_object) {
  ScriptedServer server(OneObject{});
  ASSERT_TRUE(open_s3_store(options_of(server, ""), testing::random_master()));
  int puts = 0;
  for (const auto& request : server.requests()) {
    const bool asks =
        request.head.find("x-amz-server-side-encryption: AES256\r\n") != std::string::npos;
    EXPECT_EQ(asks, request.starts("PUT")) << request.line;
    puts += request.starts("PUT");
  }
  EXPECT_EQ(puts, 1);
}

TEST(S3Store, a_store_that_is_away_or_refuses_is_not_opened) {
  ScriptedServer refusing([](const ScriptedRequest&, int) {
    return error_reply("403 Forbidden", "InvalidAccessKeyId");
  });
  const auto store = open_s3_store(options_of(refusing, ""), testing::random_master());
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("CADLENS_S3_ACCESS_KEY"));
  ScriptedServer busy(
      [](const ScriptedRequest&, int) { return error_reply("503 Slow Down", "SlowDown"); });
  EXPECT_EQ(open_s3_store(options_of(busy, ""), testing::random_master()).error().code,
            ErrorCode::unavailable);
}

TEST(S3Store, uploads_of_killed_writers_are_swept_when_they_are_old) {
  const std::string now = [] {
    const std::time_t time = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    char text[32];
    return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000Z", &utc));
  }();
  const auto upload = [](const std::string& key, const std::string& begun) {
    return "<Upload><Key>" + key + "</Key><UploadId>id-" + key + "</UploadId><Initiated>" + begun +
           "</Initiated></Upload>";
  };
  OneObject object;
  ScriptedServer server([&](const ScriptedRequest& request, int number) {
    if (request.line.find("uploads=") != std::string::npos)
      return reply("200 OK", "",
                   "<ListMultipartUploadsResult>" + upload("old", "2020-01-01T00:00:00.000Z") +
                       upload("young", now) + "</ListMultipartUploadsResult>");
    return object(request, number);
  });
  const auto store = open_s3_store(options_of(server, ""), testing::random_master()).value();
  EXPECT_EQ(store->sweep_leftovers().value(), 1u);
  std::vector<std::string> aborted;
  for (const auto& request : server.requests())
    if (request.line.find("uploadId=") != std::string::npos) aborted.push_back(request.line);
  EXPECT_EQ(aborted, std::vector<std::string>{"DELETE /bucket/old?uploadId=id-old HTTP/1.1"});
}

TEST(S3Store, a_completion_whose_answer_was_lost_is_recognized) {
  OneObject object;
  std::string parts;
  int completions = 0;
  ScriptedServer server([&](const ScriptedRequest& request, int number) {
    if (request.line.find("?uploads=") != std::string::npos)
      return reply("200 OK", "",
                   "<InitiateMultipartUploadResult><UploadId>id</UploadId>"
                   "</InitiateMultipartUploadResult>");
    if (request.starts("POST")) {
      if (++completions == 1) return std::string();  // done, but nobody hears of it
      return error_reply("404 Not Found", "NoSuchUpload");
    }
    if (request.line.find("partNumber=") != std::string::npos) {
      parts += request.body;
      return reply("200 OK",
                   "ETag: \"" + crypto::md5_hex(crypto::as_bytes(request.body)).value() + "\"\r\n");
    }
    if (request.starts("GET /bucket/large"))
      return reply(
          "206 Partial Content",
          "ETag: \"e-2\"\r\nContent-Range: bytes 0-95/" + std::to_string(parts.size()) + "\r\n",
          parts.substr(0, kHeaderBytes));
    return object(request, number);
  });
  auto options = options_of(server, "");
  options.client.retry_for = 2s;
  const auto store = open_s3_store(std::move(options), testing::random_master()).value();
  const auto writer = store->create("large").value();
  ASSERT_TRUE(writer->write(crypto::as_bytes(testing::sample(6'000'000))));
  const auto committed = writer->commit();
  EXPECT_TRUE(committed) << committed.error().message;
  EXPECT_EQ(completions, 2);
}

TEST(S3Store, a_small_object_costs_one_request_to_write_and_one_to_read) {
  ScriptedServer server(OneObject{});
  const auto store = open_s3_store(options_of(server, ""), testing::random_master()).value();
  const std::size_t before = server.requests().size();
  ASSERT_TRUE(testing::put(*store, "a", testing::sample(400'000)));
  EXPECT_EQ(server.requests().size(), before + 1);
  EXPECT_EQ(testing::get(*store, "a").value().size(), 400'000u);
  EXPECT_EQ(server.requests().size(), before + 2);
}

TEST(S3Store, a_jobs_objects_are_removed_by_one_request_and_their_copies_by_one_before) {
  OneObject object;
  ScriptedServer server([&](const ScriptedRequest& request, int number) {
    if (request.starts("POST /bucket?delete=")) return reply("200 OK", "", "<DeleteResult/>");
    return object(request, number);
  });
  auto options = options_of(server, "&public=https://s3.example.com");
  options.linked = [](const Key& key) { return key.find("/png-") != Key::npos; };
  const auto store = open_s3_store(std::move(options), testing::random_master()).value();
  const std::size_t before = server.requests().size();
  ASSERT_TRUE(store->remove_all(std::vector<Key>{"results/a/1/png-0", "results/a/1/png-1",
                                                 "results/a/1/result-0", "uploads/a"}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), before + 2);
  EXPECT_THAT(requests[before].body, HasSubstr("<Key>open/results/a/1/png-1.png</Key>"));
  EXPECT_THAT(requests[before].body, Not(HasSubstr("uploads/a")));
  EXPECT_THAT(requests[before + 1].body, HasSubstr("<Key>uploads/a</Key>"));
}

class S3StoreOnSwift : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto swift = test_support::shared_swift();
    if (!swift) GTEST_SKIP() << "OpenStack Swift is not installed";
    backend_.emplace(*swift);
    auto store = backend_->open(testing::random_master());
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
  }

  std::optional<testing::SwiftBackend> backend_;
  std::unique_ptr<ManagedStore> store_;
};

TEST_F(S3StoreOnSwift, S03_swift_encrypts_but_does_not_say_so) {
  const auto required =
      open_s3_store(backend_->options("&sse-required=yes"), testing::random_master());
  ASSERT_FALSE(required);
  EXPECT_EQ(required.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(required.error().message, HasSubstr("sse-required"));
  // What is under no envelope of ours shows whether the server itself encrypts.
  const std::string marker = "MARKER-" + crypto::random_hex(16);
  const auto client = backend_->client();
  ASSERT_TRUE(client->put("plain", crypto::as_bytes(marker)));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(backend_->files())) {
    if (!entry.is_regular_file()) continue;
    ++files;
    EXPECT_TRUE(testing::slurp(entry.path()).find(marker) == std::string::npos) << entry.path();
  }
  EXPECT_GT(files, 0u);
  EXPECT_EQ(client->get("plain", 0, 100)->bytes, marker);
  EXPECT_TRUE(client->remove("plain"));
}

TEST_F(S3StoreOnSwift, S20_links_open_one_preview_for_a_while_and_end_with_it) {
  auto options = backend_->options();
  options.settings.public_url = "http://" + options.settings.authority();
  options.linked = [](const Key& key) { return key.find("/png-") != Key::npos; };
  auto store = open_s3_store(options, testing::random_master()).value();
  const std::string marker = "PICTURE-" + crypto::random_hex(16);
  ASSERT_TRUE(testing::put(*store, "results/job_1/1/png-0", marker));
  ASSERT_TRUE(testing::put(*store, "results/job_1/1/result-0", marker));
  EXPECT_EQ(store->list("").value().size(), 2u) << "the copy is no object of its own";
  EXPECT_FALSE(store->link("results/job_1/1/result-0", 60s).value());
  EXPECT_FALSE(store->link("results/job_1/1/png-1", 60s).value());
  EXPECT_FALSE(store_->link("results/job_1/1/png-0", 60s).value()) << "not configured there";
  EXPECT_FALSE(store->link("results/job_1/1/png-0", 3601s)) << "an hour at most";
  const auto url = store->link("results/job_1/1/png-0", 3600s).value();
  ASSERT_TRUE(url);
  const auto http = s3::Http::make({}, "").value();
  const auto fetch = [&](std::string where) {
    s3::HttpRequest request;
    request.method = "GET";
    request.url = std::move(where);
    return http->perform(request).value();
  };
  EXPECT_EQ(fetch(*url).body, marker);
  EXPECT_EQ(fetch(*url).header("content-type"), "image/png");
  std::string other = *url, altered = *url;
  other.replace(other.find("open/"), 5, "");
  altered.back() = altered.back() == '0' ? '1' : '0';
  EXPECT_EQ(fetch(other).status, 403);
  EXPECT_EQ(fetch(altered).status, 403);
  // The copy is under the server's encryption alone.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(backend_->files()))
    if (entry.is_regular_file()) {
      EXPECT_TRUE(testing::slurp(entry.path()).find(marker) == std::string::npos) << entry.path();
    }
  EXPECT_TRUE(store->remove("results/job_1/1/png-0"));
  EXPECT_EQ(fetch(*url).status, 404);
  EXPECT_EQ(backend_->client()->list("open/")->objects.size(), 0u);
  EXPECT_TRUE(store->remove("results/job_1/1/result-0"));
}

TEST_F(S3StoreOnSwift, a_reader_never_mixes_two_versions) {
  ASSERT_TRUE(testing::put(*store_, "a", testing::sample(3'000'000)));
  const auto reader = store_->open("a").value();
  std::byte first{};
  ASSERT_TRUE(reader->read(0, {&first, 1}));
  ASSERT_TRUE(testing::put(*store_, "a", std::string(3'000'000, 'x')));
  EXPECT_EQ(testing::get(*reader).error().code, ErrorCode::conflict);
  const auto other = store_->open("a").value();
  ASSERT_TRUE(store_->remove("a"));
  EXPECT_EQ(testing::get(*other).error().code, ErrorCode::not_found);
}

TEST_F(S3StoreOnSwift, wrong_settings_are_told_at_start) {
  auto options = backend_->options();
  options.settings.bucket = "no-such-bucket";
  EXPECT_THAT(open_s3_store(options, testing::random_master()).error().message,
              HasSubstr("no such bucket"));
  options = backend_->options();
  const std::string wrong = crypto::random_hex(16);
  options.credentials = testing::credentials_of(options.credentials->access_key, wrong);
  const auto refused = open_s3_store(options, testing::random_master());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("CADLENS_S3_SECRET_KEY"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr(wrong)));
}

}  // namespace
}  // namespace cad::blobs
