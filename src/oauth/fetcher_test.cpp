// SPDX-License-Identifier: Apache-2.0
// The real client against a server on this machine.
#include "oauth/fetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "loopback_receiver.hpp"
#include "silent_listener.hpp"

namespace cad::oauth {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Receiver : public test_support::LoopbackReceiver {
 public:
  explicit Receiver(std::string answer) : LoopbackReceiver(std::move(answer), "b=2") {}
};

std::string answer_of(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Result<Fetched> fetch(const Fetch& request, std::chrono::milliseconds timeout = 5s) {
  return make_fetcher({.timeout = timeout, .ca_file = ""}).value()->fetch(request);
}
Result<Fetched> get(const Receiver& from, std::chrono::milliseconds timeout = 5s) {
  return fetch({"http://" + from.authority() + "/a?b=c", {}}, timeout);
}

TEST(Fetcher, S13_sends_what_it_is_told_and_reads_the_answer) {
  Receiver receiver(answer_of("{}"));
  auto got =
      fetch({"http://" + receiver.authority() + "/t", {"Accept: application/json"}, "a=1&b=2"});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "{}");
  EXPECT_THAT(receiver.request, testing::StartsWith("POST /t HTTP/1.1\r\n"));
  EXPECT_THAT(receiver.request, HasSubstr("\r\nAccept: application/json\r\n"));
  EXPECT_THAT(receiver.request, HasSubstr("\r\nUser-Agent: CADLens\r\n"));
  EXPECT_THAT(receiver.request, testing::EndsWith("\r\n\r\na=1&b=2"));
  ASSERT_TRUE(get(receiver));
  EXPECT_THAT(receiver.request, testing::StartsWith("GET /a?b=c HTTP/1.1\r\n"));
}

TEST(Fetcher, S13_redirects_are_not_followed) {
  Receiver inside(answer_of("{}"));
  Receiver receiver("HTTP/1.1 302 Found\r\nLocation: http://" + inside.authority() +
                    "/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get(receiver)->status, 302);
  EXPECT_EQ(inside.connections, 0);
}

TEST(Fetcher, S13_an_answer_has_its_limit) {
  Receiver most(answer_of(std::string(kMostFetched, 'x')));
  EXPECT_EQ(get(most)->body.size(), kMostFetched);
  Receiver more(answer_of(std::string(kMostFetched + 1, 'x')));
  EXPECT_EQ(get(more).error().code, ErrorCode::limit_exceeded);
  Receiver endless("HTTP/1.1 200 OK\r\n\r\n" + std::string(8 << 20, 'x'));
  EXPECT_EQ(get(endless, 60s).error().code, ErrorCode::limit_exceeded);
}

TEST(Fetcher, S13_silence_and_what_is_no_HTTP_are_outages) {
  Receiver silent("");
  const auto none = get(silent, 100ms);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::unavailable);
  EXPECT_THAT(none.error().message, HasSubstr("did not answer in time"));
  Receiver odd("SSH-2.0-OpenSSH_9\r\n");
  EXPECT_EQ(get(odd).error().code, ErrorCode::unavailable);
  Receiver plain(answer_of("{}"));
  EXPECT_EQ(fetch({"https://" + plain.authority() + "/", {}}).error().code, ErrorCode::unavailable);
  EXPECT_EQ(fetch({"file:///etc/hostname", {}}).error().code, ErrorCode::unavailable);
}

TEST(Fetcher, S13_proxies_of_the_environment_are_not_told_secrets) {
  Receiver proxy(answer_of("{}")), receiver(answer_of("[]"));
  const std::string url = "http://" + proxy.authority();
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::setenv(name, url.c_str(), 1);
  const auto got = get(receiver);
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  EXPECT_EQ(got->body, "[]");
  EXPECT_EQ(proxy.connections, 0);
}

TEST(Fetcher, a_stop_ends_what_is_under_way_and_begins_nothing) {
  const test_support::SilentListener silent;
  const auto fetcher = make_fetcher({.timeout = 60s, .ca_file = ""}).value();
  const Fetch request{"http://" + silent.authority() + "/", {}};
  std::thread stopping([&] {
    silent.wait_for_somebody();
    fetcher->stop();
  });
  for (int i = 0; i < 2; ++i) {
    const auto none = fetcher->fetch(request);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::unavailable);
    EXPECT_THAT(none.error().message, HasSubstr("is being stopped"));
  }
  stopping.join();
}

}  // namespace
}  // namespace cad::oauth
