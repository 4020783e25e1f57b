// SPDX-License-Identifier: Apache-2.0
#include "store/testing/breaking_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "base/unique_fd.hpp"

namespace cad::store {
namespace {

constexpr int kTick = 50;  // ms, to see that it is over

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string receive(int from) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
  return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

}  // namespace

BreakingProxy::BreakingProxy(const std::string& url) {
  const auto host = url.find('@') + 1;
  const auto colon = url.find(':', host), slash = url.find('/', host);
  server_port_ = std::stoi(url.substr(colon + 1, slash - colon - 1));
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return;
  url_ = url.substr(0, colon + 1) + std::to_string(ntohs(address.sin_port)) + url.substr(slash) +
         (url.find('?') == url.npos ? "?" : "&") + "sslmode=disable&gssencmode=disable";
  accepting_ = std::thread([this] { accept_all(); });
}

BreakingProxy::~BreakingProxy() {
  stopping_ = true;
  if (accepting_.joinable()) accepting_.join();
  for (auto& thread : carrying_) thread.join();
  ::close(listener_);
}

void BreakingProxy::accept_all() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kTick) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) carrying_.emplace_back([this, client] { carry(client); });
  }
}

int BreakingProxy::connect_to_server() const {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(server_port_);
  (void)::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address);
  return server;
}

void BreakingProxy::carry(int accepted) {
  const UniqueFd client(accepted), server(connect_to_server());
  while (!stopping_) {
    std::array<pollfd, 2> ends{{{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}}};
    if (::poll(ends.data(), ends.size(), kTick) <= 0) continue;
    if (ends[0].revents != 0) {
      const std::string asked = receive(client.get());
      const bool commit = asked.find("COMMIT") != asked.npos;
      const Breaks breaks = commit ? breaks_.exchange(Breaks::never) : Breaks::never;
      broken_ = broken_ || breaks != Breaks::never;
      if (asked.empty() || breaks == Breaks::before_commit) return;
      if (!send_all(server.get(), asked)) return;
      if (breaks == Breaks::after_commit) {
        (void)receive(server.get());  // it is done, and nobody hears of it
        return;
      }
    }
    if (ends[1].revents != 0) {
      const std::string answer = receive(server.get());
      if (answer.empty() || !send_all(client.get(), answer)) return;
    }
  }
}

}  // namespace cad::store
