// SPDX-License-Identifier: Apache-2.0
// One connection. Everything here runs on the event loop except where it says "pool".
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>
#include <optional>

#include "http/server/server.hpp"

namespace cad::http::detail {

namespace net = boost::asio;
namespace beast = boost::beast;

// What the sessions share with their server.
struct Shared {
  ServerOptions options;
  Handler handler;
  net::thread_pool pool;
  bool stopping = false;
  Shared(ServerOptions chosen, Handler handle)
      : options(std::move(chosen)), handler(std::move(handle)), pool(options.threads) {}
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Shared& shared, net::ip::tcp::socket socket);

  net::awaitable<void> run();
  // Between requests: nothing is lost by closing.
  bool idle() const { return idle_; }
  void cut();

  // For the body reader, which waits on a pool thread meanwhile.
  net::awaitable<Result<std::size_t>> read_body(std::span<std::byte> into);
  std::optional<std::uint64_t> declared_size() const;
  net::any_io_executor executor() { return stream_.get_executor(); }

 private:
  using Parser = beast::http::request_parser<beast::http::buffer_body>;

  net::awaitable<bool> read_header();
  net::awaitable<bool> serve_one();
  net::awaitable<Response> handle(Request& request);
  net::awaitable<Response> resolve(Response response);
  net::awaitable<bool> send(const Request& request, Response& response, bool keep_alive);
  net::awaitable<bool> send_stream(Stream& stream, bool chunked);
  net::awaitable<bool> send_events(Events& events, bool chunked);
  net::awaitable<bool> write(std::string_view bytes);
  net::awaitable<bool> write_piece(std::string_view bytes, bool chunked);
  net::awaitable<void> refuse(int status, std::string_view code, std::string_view message);
  net::awaitable<void> close_after_reading();
  net::awaitable<bool> drain_small_rest();

  // A wait that a callback from any thread ends.
  struct Waker;
  net::awaitable<bool> wait(Waker& waker, std::chrono::milliseconds timeout);
  std::shared_ptr<Waker> subscribe(const Wait& wait);

  Shared& shared_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::string remote_;
  bool idle_ = true;
  bool cut_ = false;
  bool continue_wanted_ = false;
  std::uint64_t body_bytes_ = 0;
  std::chrono::steady_clock::time_point body_start_;
};

}  // namespace cad::http::detail
