// SPDX-License-Identifier: Apache-2.0
// A server on this machine for the tests of our clients: answers every connection with one text
// (none: with silence for 400 ms), and keeps the last request.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "loopback_listener.hpp"

namespace cad::test_support {

class LoopbackReceiver {
 public:
  // A request is over with its head, or, if it is a POST, when it ends with `body_end`.
  explicit LoopbackReceiver(std::string answer, std::string body_end)
      : answer_(std::move(answer)), body_end_(std::move(body_end)) {
    thread_ = std::thread([this] { run(); });
  }
  ~LoopbackReceiver() {
    stopping_ = true;
    thread_.join();
  }
  LoopbackReceiver(const LoopbackReceiver&) = delete;
  LoopbackReceiver& operator=(const LoopbackReceiver&) = delete;

  std::uint16_t port() const { return listener_.port(); }
  std::string authority() const { return listener_.authority(); }

  std::atomic<int> connections = 0;
  std::string request;  // read it when the client is done

 private:
  void run() {
    while (!stopping_) {
      if (!listener_.somebody_comes(10)) continue;
      const int client = listener_.accept();
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
  LoopbackListener listener_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cad::test_support
