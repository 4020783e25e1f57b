// SPDX-License-Identifier: Apache-2.0
#include "http/server/server.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "http/server/listener.hpp"
#include "http/server/session.hpp"
#include "http/server/wire.hpp"

namespace cad::http {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using detail::Session;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::chrono::milliseconds kWatchEvery{100};
constexpr std::chrono::seconds kSlowBody{10};  // as long as a header may take
constexpr int kLooksPerRefresh = 20;           // the certificate's files: every two seconds

// A socket that is accepted is also one of these: its kind says what happens on it.
struct Listener {
  detail::Acceptor acceptor;
  Arrival arrival;  // but for the peer
};

class AsioServer : public Server {
 public:
  AsioServer(ServerOptions options, Handler handler)
      : shared_(std::move(options), std::move(handler)), watch_(loop_) {}
  ~AsioServer() override { Server::stop(std::chrono::milliseconds(0)); }

  Result<void> start() override {
    const ServerOptions& options = shared_.options;
    if (options.tls) {
      CAD_ASSIGN(tls_, detail::TlsContext::open(*options.tls));
    }
    Arrival main;
    if (!options.unix_path.empty()) {
      main.way = Arrival::Way::unix_socket;
      CAD_ASSIGN(auto acceptor, detail::listen_unix(loop_, options.unix_path, options.unix_mode));
      listeners_.push_back({std::move(acceptor), main});
    } else {
      if (tls_) main.way = Arrival::Way::tls;
      port_ = options.port;
      CAD_ASSIGN(auto acceptor, detail::listen_tcp(loop_, options.address, port_));
      listeners_.push_back({std::move(acceptor), main});
    }
    if (options.redirect_address) {
      redirect_port_ = options.redirect_port;
      CAD_ASSIGN(auto acceptor,
                 detail::listen_tcp(loop_, *options.redirect_address, redirect_port_));
      Arrival arrival;
      arrival.redirect_only = true;
      arrival.tls_port = port_;
      listeners_.push_back({std::move(acceptor), arrival});
    }
    for (Listener& listener : listeners_) net::co_spawn(loop_, accept(listener), net::detached);
    net::co_spawn(loop_, watch(), net::detached);
    thread_ = std::thread([this] { loop_.run(); });
    return {};
  }

  std::uint16_t port() const override { return port_; }
  std::uint16_t redirect_port() const override { return redirect_port_; }

  void drain() override {
    net::post(loop_, [this] { shared_.draining = true; });
  }

  void stop(std::chrono::milliseconds grace, const std::function<void()>& at_cut) override {
    if (!thread_.joinable()) return;
    net::post(loop_, [this] {
      shared_.stopping = true;
      error_code ignored;
      for (Listener& listener : listeners_) listener.acceptor.close(ignored);
      for (Session* session : sessions_)
        if (session->idle()) session->cut();
    });
    const auto end = std::chrono::steady_clock::now() + grace;
    while (open_sessions() > 0 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    at_cut();
    net::post(loop_, [this] {
      for (Session* session : sessions_) session->cut();
      watch_.cancel();
    });
    // The loop runs on until every session is gone: pool threads may wait for it.
    while (open_sessions() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    shared_.pool.join();
    loop_.stop();
    thread_.join();
    if (!shared_.options.unix_path.empty()) ::unlink(shared_.options.unix_path.c_str());
  }

 private:
  std::size_t open_sessions() {
    std::promise<std::size_t> count;
    net::post(loop_, [&] { count.set_value(sessions_.size()); });
    return count.get_future().get();
  }

  net::awaitable<void> accept(Listener& listener) {
    net::steady_timer pause(loop_);
    while (!shared_.stopping) {
      auto [error, socket] = co_await listener.acceptor.async_accept(kAwait);
      if (shared_.stopping) break;
      if (error) {  // out of descriptors, most likely: waiting is all that helps
        pause.expires_after(std::chrono::milliseconds(50));
        co_await pause.async_wait(kAwait);
        continue;
      }
      Arrival arrival = listener.arrival;
      arrival.peer = detail::peer_of(socket);
      if (arrival.peer.empty()) continue;
      const std::string group = group_of(arrival);
      if (!has_room(group)) {
        turn_away(std::move(socket), arrival);
        continue;
      }
      net::co_spawn(loop_, serve(std::move(socket), std::move(arrival), group), net::detached);
    }
  }

  // Whom a connection counts for; empty: proxies and this machine's own socket count for nobody.
  std::string group_of(const Arrival& arrival) const {
    const auto address = cad::net::parse_ip(arrival.peer);
    if (!address || shared_.options.uncounted.contains(*address)) return {};
    return address->group();
  }

  // When all places are taken, the connection that has waited longest for a request gives up its
  // own, or else the one that takes longest to send a small one: holding connections open keeps
  // nobody out.
  bool has_room(const std::string& group) {
    if (!group.empty()) {
      const auto found = per_address_.find(group);
      if (found != per_address_.end() &&
          found->second >= shared_.options.max_connections_per_address)
        return false;
    }
    if (sessions_.size() < shared_.options.max_connections) return true;
    Session* least_missed = longest_idle();
    if (!least_missed) least_missed = slowest_sender();
    if (!least_missed) return false;
    least_missed->cut();
    return true;
  }

  Session* longest_idle() const {
    Session* longest = nullptr;
    for (Session* session : sessions_)
      if (session->idle() && (!longest || session->deadline() < longest->deadline()))
        longest = session;
    return longest;
  }

  Session* slowest_sender() const {
    Session* slowest = nullptr;
    auto since = std::chrono::steady_clock::now() - kSlowBody;
    for (Session* session : sessions_) {
      if (session->body_since() >= since) continue;
      slowest = session;
      since = session->body_since();
    }
    return slowest;
  }

  // Without waiting: what the kernel's buffer takes is what the client gets. A client that expects
  // TLS would not understand it.
  static void turn_away(detail::Socket socket, const Arrival& arrival) {
    if (arrival.way == Arrival::Way::tls) return;
    const std::string text =
        detail::plain_refusal(503, "BUSY", "Too many connections; try again soon.", false);
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(net::buffer(text), ignored);
    socket.shutdown(detail::Socket::shutdown_both, ignored);
  }

  net::awaitable<void> serve(detail::Socket socket, Arrival arrival, std::string group) {
    error_code ignored;
    if (arrival.way != Arrival::Way::unix_socket)
      socket.set_option(net::ip::tcp::no_delay(true), ignored);
    auto channel = arrival.way == Arrival::Way::tls
                       ? detail::make_tls_channel(std::move(socket), tls_->current())
                       : detail::make_plain_channel(std::move(socket));
    const auto session = std::make_shared<Session>(shared_, std::move(channel), std::move(arrival));
    sessions_.insert(session.get());
    if (!group.empty()) ++per_address_[group];
    try {
      co_await session->run();
    } catch (const std::exception&) {
      // Nothing to answer to any more; the connection ends with the session.
    }
    sessions_.erase(session.get());
    if (!group.empty() && --per_address_[group] == 0) per_address_.erase(group);
  }

  net::awaitable<void> watch() {
    for (int looks = 1; !shared_.stopping || !sessions_.empty(); ++looks) {
      watch_.expires_after(kWatchEvery);
      co_await watch_.async_wait(kAwait);
      const auto now = std::chrono::steady_clock::now();
      for (Session* session : sessions_)
        if (session->deadline() <= now) session->expire();
      if (tls_ && looks % kLooksPerRefresh == 0) refresh_tls();
    }
  }

  void refresh_tls() {
    const Result<bool> done = tls_->refresh();
    if (shared_.options.on_tls_reload && (!done || *done)) shared_.options.on_tls_reload(done);
  }

  detail::Shared shared_;
  net::io_context loop_{1};
  // stop() asks the loop for things until the very end: it must not run dry before.
  net::executor_work_guard<net::io_context::executor_type> busy_ = net::make_work_guard(loop_);
  std::vector<Listener> listeners_;
  std::unique_ptr<detail::TlsContext> tls_;
  std::set<Session*> sessions_;
  std::map<std::string, std::size_t> per_address_;
  net::steady_timer watch_;
  std::thread thread_;
  std::uint16_t port_ = 0, redirect_port_ = 0;
};

}  // namespace

std::unique_ptr<Server> make_server(ServerOptions options, Handler handler) {
  return std::make_unique<AsioServer>(std::move(options), std::move(handler));
}

}  // namespace cad::http
