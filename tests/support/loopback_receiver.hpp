// SPDX-License-Identifier: Apache-2.0
// A server on this machine for the tests of our clients: answers every connection with one text
// (none: with silence for 400 ms), and keeps the last request.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace cad::test_support {

class LoopbackReceiver {
 public:
  // A request is over with its head, or, if it is a POST, when it ends with `body_end`.
  explicit LoopbackReceiver(std::string answer, std::string body_end)
      : answer_(std::move(answer)), body_end_(std::move(body_end)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&where), sizeof where), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    socklen_t size = sizeof where;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size);
    port = ntohs(where.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~LoopbackReceiver() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  LoopbackReceiver(const LoopbackReceiver&) = delete;
  LoopbackReceiver& operator=(const LoopbackReceiver&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(port); }

  std::uint16_t port = 0;
  std::atomic<int> connections = 0;
  std::string request;  // read it when the client is done

 private:
  void run() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 10) != 1) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      ++connections;
      serve(client);
      ::close(client);
    }
  }
  void serve(int client) {
    std::string text;
    char block[4096];
    while (text.find("\r\n\r\n") == std::string::npos ||
           (text.starts_with("POST") && !text.ends_with(body_end_))) {
      const ssize_t got = ::read(client, block, sizeof block);
      if (got <= 0) break;
      text.append(block, static_cast<std::size_t>(got));
    }
    request = text;
    if (answer_.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(400));
    std::string_view rest = answer_;
    while (!rest.empty()) {
      const ssize_t sent = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  std::string answer_, body_end_;
  int listener_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cad::test_support
