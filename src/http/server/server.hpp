// SPDX-License-Identifier: Apache-2.0
// The HTTP/1.1 server: one event loop, handlers on a pool of threads. Only this folder knows Boost.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/message.hpp"
#include "http/server/tls.hpp"
#include "net/networks.hpp"

namespace cad::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 3001;  // 0: any free one
  std::string unix_path;      // a socket file instead of address and port
  unsigned unix_mode = 0600;  // of that file
  std::optional<TlsFiles> tls;
  // A second listener, for Arrival::redirect_only.
  std::optional<std::string> redirect_address;
  std::uint16_t redirect_port = 0;

  std::size_t threads = 48;  // for handlers; an upload holds one while it runs
  std::size_t max_connections = 1024;
  std::size_t max_connections_per_address = 256;  // an IPv6 /64 counts as one
  net::Networks uncounted;                        // proxies, which call for many
  std::uint32_t max_header_bytes = 16 * 1024;
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds header_timeout{10'000};  // for the whole header, from its first byte
  std::chrono::milliseconds idle_timeout{60'000};    // between requests
  std::chrono::milliseconds body_timeout{20'000};    // without any progress
  std::chrono::milliseconds write_timeout{30'000};   // without any progress
  std::uint64_t min_rate = 1024;  // bytes a second of bodies, after half a minute of waiting

  // The certificate's files have changed: a new pair is in use, or why not. On the event loop.
  std::function<void(const Result<bool>& reloaded)> on_tls_reload;
};

class Server {
 public:
  virtual ~Server() = default;
  // Binds and serves from now on, on threads of its own. UNAVAILABLE: the address is taken.
  virtual Result<void> start() = 0;
  virtual std::uint16_t port() const = 0;
  virtual std::uint16_t redirect_port() const = 0;
  // From now on every connection ends with its next answer; new ones are still taken.
  virtual void drain() = 0;
  // No new connections; idle ones close, running requests get `grace` to end, then are cut. A
  // handler that runs is waited for all the same: `at_cut` is called before, to end what it waits
  // for.
  virtual void stop(std::chrono::milliseconds grace, const std::function<void()>& at_cut) = 0;
  void stop(std::chrono::milliseconds grace) {
    stop(grace, [] {});
  }
};

std::unique_ptr<Server> make_server(ServerOptions options, Handler handler);

}  // namespace cad::http
