// SPDX-License-Identifier: Apache-2.0
#include "http/server/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <set>
#include <thread>

#include "http/server/session.hpp"
#include "http/server/wire.hpp"

namespace cad::http {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

class BeastServer : public Server {
 public:
  BeastServer(ServerOptions options, Handler handler)
      : shared_(std::move(options), std::move(handler)), acceptor_(loop_) {}
  ~BeastServer() override { stop(std::chrono::milliseconds(0)); }

  Result<void> start() override {
    error_code error;
    const auto address = net::ip::make_address(shared_.options.address, error);
    if (error)
      return fail(ErrorCode::invalid_argument,
                  "\"" + shared_.options.address + "\" is not an IP address to listen on.");
    const tcp::endpoint endpoint(address, shared_.options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(512, error);
    if (error)
      return fail(ErrorCode::unavailable, "Cannot listen on " + shared_.options.address + ":" +
                                              std::to_string(shared_.options.port) + ": " +
                                              error.message() + ".");
    port_ = acceptor_.local_endpoint().port();
    net::co_spawn(loop_, accept(), net::detached);
    thread_ = std::thread([this] { loop_.run(); });
    return {};
  }

  std::uint16_t port() const override { return port_; }

  void stop(std::chrono::milliseconds grace) override {
    if (!thread_.joinable()) return;
    net::post(loop_, [this] {
      shared_.stopping = true;
      error_code ignored;
      acceptor_.close(ignored);
      for (detail::Session* session : sessions_)
        if (session->idle()) session->cut();
    });
    const auto end = std::chrono::steady_clock::now() + grace;
    while (open_sessions() > 0 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    net::post(loop_, [this] {
      for (detail::Session* session : sessions_) session->cut();
    });
    // The loop runs on until every session is gone: pool threads may wait for it.
    while (open_sessions() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    shared_.pool.join();
    loop_.stop();
    thread_.join();
  }

 private:
  std::size_t open_sessions() {
    std::promise<std::size_t> count;
    net::post(loop_, [&] { count.set_value(sessions_.size()); });
    return count.get_future().get();
  }

  net::awaitable<void> accept() {
    constexpr auto kAwait = net::as_tuple(net::use_awaitable);
    net::steady_timer pause(loop_);
    while (!shared_.stopping) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (shared_.stopping) break;
      if (error) {  // out of descriptors, most likely: waiting is all that helps
        pause.expires_after(std::chrono::milliseconds(50));
        co_await pause.async_wait(kAwait);
        continue;
      }
      if (sessions_.size() >= shared_.options.max_connections) {
        turn_away(std::move(socket));
        continue;
      }
      net::co_spawn(loop_, serve(std::move(socket)), net::detached);
    }
  }

  // Without waiting: what the kernel's buffer takes is what the client gets.
  static void turn_away(tcp::socket socket) {
    static const std::string text =
        detail::plain_refusal(503, "BUSY", "Too many connections; try again soon.");
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(net::buffer(text), ignored);
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  net::awaitable<void> serve(tcp::socket socket) {
    const auto session = std::make_shared<detail::Session>(shared_, std::move(socket));
    sessions_.insert(session.get());
    try {
      co_await session->run();
    } catch (const std::exception&) {
      // Nothing to answer to any more; the connection ends with the session.
    }
    sessions_.erase(session.get());
  }

  detail::Shared shared_;
  net::io_context loop_{1};
  // stop() asks the loop for things until the very end: it must not run dry before.
  net::executor_work_guard<net::io_context::executor_type> busy_ = net::make_work_guard(loop_);
  tcp::acceptor acceptor_;
  std::set<detail::Session*> sessions_;
  std::thread thread_;
  std::uint16_t port_ = 0;
};

}  // namespace

std::unique_ptr<Server> make_server(ServerOptions options, Handler handler) {
  return std::make_unique<BeastServer>(std::move(options), std::move(handler));
}

}  // namespace cad::http
