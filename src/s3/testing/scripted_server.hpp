// SPDX-License-Identifier: Apache-2.0
// Answers as a test says, for faults that a real server does not make on demand. It checks nothing:
// that our requests are right is shown with a real server.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "loopback_listener.hpp"

namespace cad::s3::testing {

struct ScriptedRequest {
  std::string line;  // "PUT /bucket/key HTTP/1.1"
  std::string head, body;
  bool starts(std::string_view with) const { return line.starts_with(with); }
};

// "HTTP/1.1 200 OK", with these headers ("ETag: x\r\n") and this body.
inline std::string reply(std::string_view status, std::string_view headers = {},
                         std::string_view body = {}) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n" + std::string(headers) + "\r\n" + std::string(body);
}
inline std::string error_reply(std::string_view status, std::string_view code) {
  return reply(status, "x-amz-request-id: req-1\r\n",
               "<?xml version=\"1.0\"?><Error><Code>" + std::string(code) +
                   "</Code><Message>m</Message><RequestId>req-1</RequestId></Error>");
}

class ScriptedServer {
 public:
  using Script = std::function<std::string(const ScriptedRequest&, int number)>;

  // `pause`: between the pieces of 100 bytes that an answer is sent in.
  explicit ScriptedServer(Script script, std::chrono::milliseconds pause = {})
      : script_(std::move(script)), pause_(pause) {
    thread_ = std::thread([this] { run(); });
  }
  ~ScriptedServer() {
    stopping_ = true;
    thread_.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url() const { return "http://" + listener_.authority() + "/bucket"; }
  std::vector<ScriptedRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void run() {
    while (!stopping_) {
      if (!listener_.somebody_comes(10)) continue;
      const int client = listener_.accept();
      serve(client);
      ::close(client);
    }
  }

  void serve(int client) {
    ScriptedRequest request;
    std::string text;
    std::size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      char block[16384];
      const ssize_t got = ::read(client, block, sizeof block);
      if (got <= 0) break;
      text.append(block, static_cast<std::size_t>(got));
      const auto end = text.find("\r\n\r\n");
      if (end == std::string::npos || wanted != std::string::npos) continue;
      const auto length = text.find("Content-Length: ");
      wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
    }
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return;
    request.line = text.substr(0, text.find("\r\n"));
    request.head = text.substr(0, end + 2);
    request.body = text.substr(end + 4);
    int number = 0;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      number = static_cast<int>(requests_.size());
    }
    send(client, script_(request, number));
  }

  void send(int client, const std::string& answer) {
    std::string_view rest = answer;
    while (!rest.empty() && !stopping_) {
      const auto piece = pause_.count() > 0 ? rest.substr(0, 100) : rest;
      const ssize_t sent = ::send(client, piece.data(), piece.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(sent));
      std::this_thread::sleep_for(pause_);
    }
    ::shutdown(client, SHUT_WR);
  }

  Script script_;
  std::chrono::milliseconds pause_;
  test_support::LoopbackListener listener_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<ScriptedRequest> requests_;
  std::thread thread_;
};

}  // namespace cad::s3::testing
