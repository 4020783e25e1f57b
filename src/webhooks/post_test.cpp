// SPDX-License-Identifier: Apache-2.0
// The real client against a receiver on this machine.
#include "webhooks/post.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "loopback_receiver.hpp"
#include "silent_listener.hpp"

namespace cad::webhooks {
namespace {

using namespace std::chrono_literals;

class Receiver : public test_support::LoopbackReceiver {
 public:
  explicit Receiver(std::string answer) : LoopbackReceiver(std::move(answer), "}") {}
};

Destination to(std::uint16_t port, const std::string& host = "hooks.test",
               const std::string& address = "127.0.0.1") {
  return {parse_url("http://" + host + ":" + std::to_string(port) + "/a?b=c").value(),
          {parse_address(address).value()}};
}

Posted post(const Destination& where, std::chrono::milliseconds timeout = 5s) {
  return make_poster({.timeout = timeout, .ca_file = ""})
      .value()
      ->post(where, {"Content-Type: application/json", "User-Agent: CADLens-Webhook/1.0"}, "{1}");
}

TEST(Post, S22_connects_to_the_address_that_was_judged_under_the_hosts_name) {
  Receiver receiver("HTTP/1.1 204 No Content\r\n\r\n");
  const Posted posted = post(to(receiver.port()));
  EXPECT_EQ(posted.status, 204) << posted.error.value_or("");
  EXPECT_THAT(receiver.request, testing::StartsWith("POST /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(receiver.request,
              testing::HasSubstr("Host: hooks.test:" + std::to_string(receiver.port()) + "\r\n"));
  EXPECT_THAT(receiver.request, testing::HasSubstr("User-Agent: CADLens-Webhook/1.0\r\n"));
  EXPECT_THAT(receiver.request, testing::EndsWith("\r\n\r\n{1}"));
}

TEST(Post, S22_no_other_address_is_connected_to_whatever_the_library_thinks) {
  Receiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  // As if the URL's address had passed one judge and the connection went by another.
  const Posted posted = post(to(receiver.port(), "127.0.0.1", "127.0.0.2"));
  EXPECT_FALSE(posted.status);
  EXPECT_THAT(posted.error.value_or(""), testing::HasSubstr("not judged"));
  EXPECT_EQ(receiver.connections, 0);
}

TEST(Post, S22_redirects_are_not_followed) {
  Receiver inside("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  Receiver receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" +
                    std::to_string(inside.port()) + "/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(post(to(receiver.port())).status, 302);
  EXPECT_EQ(inside.connections, 0);
}

TEST(Post, S22_proxies_of_the_environment_are_not_used) {
  Receiver proxy("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  Receiver receiver("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port());
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
    ::setenv(name, url.c_str(), 1);
  const Posted posted = post(to(receiver.port()));
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  EXPECT_EQ(posted.status, 201);
  EXPECT_EQ(proxy.connections, 0);
}

TEST(Post, an_endless_answer_is_cut_and_still_an_answer) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n" + std::string(8 << 20, 'x'));
  EXPECT_EQ(post(to(receiver.port()), 60s).status, 200);
}

TEST(Post, S22_a_receiver_that_is_silent_is_left) {
  Receiver receiver("");
  const Posted posted = post(to(receiver.port()), 100ms);
  EXPECT_FALSE(posted.status);
  EXPECT_THAT(posted.error.value_or(""), testing::HasSubstr("did not answer"));
}

TEST(Post, retry_after_is_read_and_what_is_no_http_is_an_error) {
  Receiver busy("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n");
  const Posted posted = post(to(busy.port()));
  EXPECT_EQ(posted.status, 429);
  EXPECT_EQ(posted.retry_after, 120s);
  Receiver odd("SSH-2.0-OpenSSH_9\r\n");
  EXPECT_FALSE(post(to(odd.port())).status);
}

TEST(Post, a_stop_ends_what_is_under_way_and_begins_nothing) {
  const test_support::SilentListener silent;
  const auto poster = make_poster({.timeout = 60s, .ca_file = ""}).value();
  std::thread stopping([&] {
    silent.wait_for_somebody();
    poster->stop();
  });
  EXPECT_EQ(poster->post(to(silent.port()), {}, "{}").error, "The service was stopped meanwhile.");
  stopping.join();
  EXPECT_EQ(poster->post(to(silent.port()), {}, "{}").error, "The service was stopped meanwhile.");
}

}  // namespace
}  // namespace cad::webhooks
