// SPDX-License-Identifier: Apache-2.0
// What the client does when a server fails; see client_test.cpp for the real one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <sstream>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"
#include "s3/client.hpp"
#include "s3/testing/scripted_server.hpp"

namespace cad::s3 {
namespace {

using testing::error_reply;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::reply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using namespace std::chrono_literals;

constexpr std::string_view kSecret = "a-secret-that-nobody-may-see";

std::unique_ptr<Client> client_of(const ScriptedServer& server, const std::string& more = "",
                                  ClientOptions options = {}) {
  auto credentials = std::make_shared<Credentials>();
  credentials->access_key = "access";
  std::string secret(kSecret);
  credentials->secret_key = Secret::from_text(secret);
  options.first_pause = 2ms;
  if (options.retry_for == 10s) options.retry_for = 2s;
  auto settings = parse_settings(server.url() + "?region=r" + more);
  return Client::make(std::move(*settings), credentials, std::move(options)).value();
}

std::string etag_of(std::string_view text) {
  return "ETag: \"" + crypto::md5_hex(crypto::as_bytes(text)).value() + "\"\r\n";
}

TEST(S3Faults, slow_down_and_failures_of_the_server_are_tried_again) {
  ScriptedServer server([](const ScriptedRequest& request, int number) {
    if (number == 1) return error_reply("503 Slow Down", "SlowDown");
    if (number == 2) return error_reply("500 Internal Server Error", "InternalError");
    if (number == 3) return std::string();  // closes without an answer
    return reply("200 OK", etag_of(request.body));
  });
  EXPECT_TRUE(client_of(server)->put("k", crypto::as_bytes("text")));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 4u);
  for (const auto& request : requests) EXPECT_EQ(request.body, "text");
}

TEST(S3Faults, trying_again_ends) {
  ScriptedServer server(
      [](const ScriptedRequest&, int) { return error_reply("503 Slow Down", "SlowDown"); });
  ClientOptions options;
  options.retry_for = 150ms;
  const auto put = client_of(server, "", options)->put("k", crypto::as_bytes("text"));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::unavailable);
  EXPECT_THAT(put.error().message, HasSubstr("503 SlowDown"));
  EXPECT_GT(server.requests().size(), 2u);
}

TEST(S3Faults, what_will_not_pass_is_not_tried_again) {
  for (const auto& [status, code, means, words] :
       {std::tuple{"403 Forbidden", "SignatureDoesNotMatch", ErrorCode::internal, "SECRET_KEY"},
        std::tuple{"403 Forbidden", "RequestTimeTooSkewed", ErrorCode::internal, "clock"},
        std::tuple{"403 Forbidden", "AccessDenied", ErrorCode::internal, "policy"},
        std::tuple{"404 Not Found", "NoSuchBucket", ErrorCode::internal, "no such bucket"},
        std::tuple{"404 Not Found", "NoSuchKey", ErrorCode::not_found, "no such object"},
        std::tuple{"501 Not Implemented", "NotImplemented", ErrorCode::invalid_argument, "sse="},
        std::tuple{"400 Bad Request", "AuthorizationHeaderMalformed", ErrorCode::internal,
                   "region"}}) {
    ScriptedServer server(
        [&, a = status, b = code](const ScriptedRequest&, int) { return error_reply(a, b); });
    const auto got = client_of(server)->get("k", 0, 10);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, means) << code;
    EXPECT_THAT(got.error().message, HasSubstr(words));
    EXPECT_THAT(got.error().message, Not(HasSubstr(std::string(kSecret))));
    EXPECT_EQ(server.requests().size(), 1u) << code;
  }
}

TEST(S3Faults, an_error_behind_status_200_is_an_error) {
  ScriptedServer server([](const ScriptedRequest&, int number) {
    const std::string error = "<Error><Code>InternalError</Code></Error>";
    if (number == 1) return reply("200 OK", "", "<?xml version=\"1.0\"?>\n\n" + error);
    return reply("200 OK", "",
                 "\n <CompleteMultipartUploadResult><ETag>\"x-1\"</ETag>"
                 "</CompleteMultipartUploadResult>");
  });
  EXPECT_EQ(client_of(server)->complete_upload("k", "id", {"\"e\""})->etag, "\"x-1\"");
  EXPECT_EQ(server.requests().size(), 2u);

  ScriptedServer never([](const ScriptedRequest&, int) {
    return reply("200 OK", "", "<Error><Code>NoSuchUpload</Code></Error>");
  });
  EXPECT_EQ(client_of(never)->complete_upload("k", "id", {"\"e\""}).error().code,
            ErrorCode::not_found);
}

TEST(S3Faults, a_body_that_breaks_off_is_asked_for_again) {
  ScriptedServer server([](const ScriptedRequest&, int number) {
    const std::string head =
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 10\r\nContent-Range: bytes 0-9/10\r\n"
        "ETag: \"e\"\r\nConnection: close\r\n\r\n";
    return head + (number == 1 ? "01234" : "0123456789");
  });
  EXPECT_EQ(client_of(server)->get("k", 0, 100)->bytes, "0123456789");
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST(S3Faults, more_or_less_than_was_asked_for_is_refused) {
  ScriptedServer server([](const ScriptedRequest&, int) {
    return reply("206 Partial Content", "Content-Range: bytes 0-9/10\r\nETag: \"e\"\r\n", "01234");
  });
  EXPECT_EQ(client_of(server)->get("k", 0, 100).error().code, ErrorCode::unavailable);
  ScriptedServer whole(
      [](const ScriptedRequest&, int) { return reply("200 OK", "ETag: \"e\"\r\n", "01234"); });
  EXPECT_FALSE(client_of(whole)->get("k", 2, 3)) << "a server that passes over the range";
}

TEST(S3Faults, S03_encryption_that_is_echoed_otherwise_than_asked_for_keeps_nothing) {
  ScriptedServer server([](const ScriptedRequest& request, int) {
    if (request.starts("DELETE")) return reply("204 No Content");
    EXPECT_THAT(request.head, HasSubstr("x-amz-server-side-encryption: aws:kms\r\n"));
    EXPECT_THAT(request.head,
                HasSubstr("x-amz-server-side-encryption-aws-kms-key-id: alias/k\r\n"));
    return reply("200 OK", "x-amz-server-side-encryption: AES256\r\n" + etag_of(request.body));
  });
  const auto put = client_of(server, "&sse=aws:kms&kms-key=alias/k")->put("k", {});
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::integrity);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_TRUE(server.requests()[1].starts("DELETE /bucket/k "));
}

TEST(S3Faults, other_bytes_than_were_sent_are_noticed_and_removed) {
  for (const std::string& headers :
       {etag_of("other"), etag_of("text") + "x-amz-checksum-sha256: AAAA\r\n"}) {
    ScriptedServer server([&](const ScriptedRequest&, int) { return reply("200 OK", headers); });
    const auto put = client_of(server)->put("k", crypto::as_bytes("text"));
    ASSERT_FALSE(put) << headers;
    EXPECT_EQ(put.error().code, ErrorCode::integrity);
    EXPECT_TRUE(server.requests().back().starts("DELETE"));
  }
  ScriptedServer opaque(
      [](const ScriptedRequest&, int) { return reply("200 OK", etag_of("other")); });
  EXPECT_TRUE(client_of(opaque, "&etag=opaque")->put("k", crypto::as_bytes("text")));
}

TEST(S3Faults, an_answer_that_trickles_is_given_up) {
  ScriptedServer server(
      [](const ScriptedRequest&, int) {
        return reply("206 Partial Content", "Content-Range: bytes 0-9999/10000\r\nETag: \"e\"\r\n",
                     std::string(10'000, 'x'));
      },
      300ms);
  ClientOptions options;
  options.retry_for = 1ms;
  options.times.silence = 1s;
  const auto got = client_of(server, "", options)->get("k", 0, 10'000);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_THAT(got.error().message, HasSubstr("did not answer in time"));
}

TEST(S3Faults, no_redirect_is_followed) {
  ScriptedServer elsewhere([](const ScriptedRequest&, int) { return reply("200 OK"); });
  ScriptedServer server([&](const ScriptedRequest&, int) {
    return reply("307 Temporary Redirect", "Location: " + elsewhere.url() + "\r\n");
  });
  const auto got = client_of(server)->head("k");
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("region"));
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(S3Faults, a_server_that_is_away_is_said_to_be) {
  std::string url;
  {
    ScriptedServer gone([](const ScriptedRequest&, int) { return std::string(); });
    url = gone.url();
  }
  ClientOptions options;
  options.retry_for = 20ms;
  options.first_pause = 2ms;
  std::ostringstream told;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told));
  options.log = &log;
  const auto client =
      Client::make(*parse_settings(url), std::make_shared<Credentials>(), options).value();
  const auto got = client->head("k");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_THAT(got.error().message, HasSubstr("could not be connected to"));
  EXPECT_THAT(told.str(), HasSubstr("again=false")) << "the last attempt";
  EXPECT_THAT(told.str(), HasSubstr("event=backend_away what=s3 reason="));
  told.str("");
  EXPECT_FALSE(client->head("k"));
  EXPECT_EQ(told.str(), "") << "once is enough";
}

TEST(S3Faults, a_server_that_was_tried_in_vain_is_tried_once_until_it_answers) {
  std::atomic<bool> away = true;
  ScriptedServer server([&](const ScriptedRequest& request, int) {
    return away ? error_reply("503 Service Unavailable", "ServiceUnavailable")
                : reply("200 OK", etag_of(request.body));
  });
  ClientOptions options;
  options.retry_for = 1s;
  const auto client = client_of(server, "", options);
  const auto requests_of_a_put = [&] {
    const std::size_t before = server.requests().size();
    EXPECT_EQ(client->put("k", crypto::as_bytes("text")).has_value(), !away);
    return server.requests().size() - before;
  };
  EXPECT_GT(requests_of_a_put(), 1u);
  EXPECT_EQ(requests_of_a_put(), 1u);
  EXPECT_EQ(requests_of_a_put(), 1u);
  away = false;
  EXPECT_EQ(requests_of_a_put(), 1u);
  away = true;
  EXPECT_GT(requests_of_a_put(), 1u) << "a new outage may be a short one";
}

TEST(S3Faults, a_server_that_is_away_is_not_waited_for_long) {
  ScriptedServer server(
      [](const ScriptedRequest&, int) {
        return reply("206 Partial Content", "Content-Range: bytes 0-9999/10000\r\nETag: \"e\"\r\n",
                     std::string(10'000, 'x'));
      },
      500ms);
  ClientOptions options;
  options.retry_for = 1ms;
  options.times.silence = 4s;
  const auto client = client_of(server, "", options);
  const auto time_of_a_get = [&] {
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(client->get("k", 0, 10'000).error().code, ErrorCode::unavailable);
    return std::chrono::steady_clock::now() - begun;
  };
  const auto first = time_of_a_get(), second = time_of_a_get();
  EXPECT_LT(second + 1s, first);
}

TEST(S3Faults, a_server_that_came_back_slow_is_found) {
  ScriptedServer server([](const ScriptedRequest&, int number) {
    if (number == 1) return std::string();
    std::this_thread::sleep_for(3500ms);
    return reply("200 OK", "ETag: \"e\"\r\n");
  });
  ClientOptions options;
  options.retry_for = 1ms;
  options.times.silence = 10s;
  options.wait_every = 1500ms;
  const auto client = client_of(server, "", options);
  EXPECT_FALSE(client->head("k"));
  EXPECT_FALSE(client->head("k")) << "not waited for";
  EXPECT_TRUE(client->head("k")) << "waited for";
}

TEST(S3Faults, a_server_that_asks_to_slow_down_is_not_away) {
  for (const auto& [status, code] :
       {std::pair{"503 Slow Down", "SlowDown"}, std::pair{"429 Too Many Requests", ""}}) {
    ScriptedServer server([&, a = status, b = code](const ScriptedRequest&, int) {
      return *b != 0 ? error_reply(a, b) : reply(a);
    });
    ClientOptions options;
    options.retry_for = 500ms;
    std::ostringstream told;
    spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told));
    options.log = &log;
    const auto client = client_of(server, "", options);
    EXPECT_EQ(client->head("k").error().code, ErrorCode::unavailable);
    const std::size_t before = server.requests().size();
    EXPECT_FALSE(client->put("k", crypto::as_bytes("text")));
    EXPECT_GT(server.requests().size(), before + 1) << "tried again";
    EXPECT_THAT(told.str(), Not(HasSubstr("backend_away")));
  }
}

TEST(S3Faults, many_are_removed_by_one_request_and_what_that_left_one_by_one) {
  ScriptedServer server([](const ScriptedRequest& request, int) {
    if (request.starts("DELETE")) return reply("204 No Content");
    return reply("200 OK", "",
                 "<?xml version=\"1.0\"?><DeleteResult xmlns=\"x\">"
                 "<Error><Key>p/b</Key><Code>InternalError</Code><Message>m</Message></Error>"
                 "<Error><Key>p/c</Key><Code>NoSuchKey</Code><Message>m</Message></Error>"
                 "</DeleteResult>");
  });
  const auto client = client_of(server, "&prefix=p");
  ASSERT_TRUE(client->remove_many(std::vector<std::string>{"a", "b", "c"}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].line, "POST /bucket?delete= HTTP/1.1");
  EXPECT_THAT(requests[0].body, HasSubstr("<Object><Key>p/a</Key></Object><Object>"));
  const std::string md5 = *crypto::from_hex(*crypto::md5_hex(crypto::as_bytes(requests[0].body)));
  EXPECT_THAT(requests[0].head,
              HasSubstr("content-md5: " + crypto::to_base64(crypto::as_bytes(md5)) + "\r\n"));
  EXPECT_TRUE(requests[1].starts("DELETE /bucket/p/b "));
  EXPECT_TRUE(client->remove_many({}));
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST(S3Faults, a_server_that_removes_one_by_one_only_is_asked_so) {
  for (const auto& [status, code] :
       {std::pair{"501 Not Implemented", "NotImplemented"},
        std::pair{"405 Method Not Allowed", "MethodNotAllowed"},
        std::pair{"501 Not Implemented", ""}, std::pair{"405 Method Not Allowed", ""}}) {
    ScriptedServer server([&, a = status, b = code](const ScriptedRequest& request, int) {
      if (request.starts("DELETE")) return reply("204 No Content");
      return *b != 0 ? error_reply(a, b) : reply(a);
    });
    const auto client = client_of(server);
    for (int i = 0; i < 2; ++i)
      EXPECT_TRUE(client->remove_many(std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(server.requests().size(), 5u) << "asked once whether it can";
  }
}

TEST(S3Faults, what_may_not_be_removed_is_told) {
  ScriptedServer server([](const ScriptedRequest& request, int) {
    if (request.starts("DELETE")) return error_reply("403 Forbidden", "AccessDenied");
    return reply(
        "200 OK", "",
        "<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error></DeleteResult>");
  });
  const auto removed = client_of(server)->remove_many(std::vector<std::string>{"a", "b"});
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().message, HasSubstr("policy"));
}

TEST(S3Faults, a_page_that_is_no_s3_is_told_so) {
  ScriptedServer server([](const ScriptedRequest&, int) {
    return reply("200 OK", "Content-Type: text/html\r\n", "<html><body>Hello</body></html>");
  });
  EXPECT_EQ(client_of(server)->list("").error().code, ErrorCode::unavailable);
  EXPECT_EQ(client_of(server)->create_upload("k").error().code, ErrorCode::unavailable);
}

TEST(S3Faults, a_list_that_never_ends_is_refused) {
  ScriptedServer server([](const ScriptedRequest&, int) {
    return reply("200 OK", "",
                 "<ListBucketResult><IsTruncated>true</IsTruncated>"
                 "<NextContinuationToken>t</NextContinuationToken></ListBucketResult>");
  });
  const auto client = client_of(server);
  EXPECT_EQ(client->list("")->next, "t");
  EXPECT_FALSE(client->list("", "t"));
}

}  // namespace
}  // namespace cad::s3
