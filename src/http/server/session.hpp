// SPDX-License-Identifier: Apache-2.0
// One connection. Everything here runs on the event loop except where it says "pool".
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <future>
#include <memory>
#include <optional>

#include "http/server/channel.hpp"
#include "http/server/in_buffer.hpp"
#include "http/server/server.hpp"
#include "http/transport/body_decoder.hpp"
#include "http/transport/head.hpp"

namespace cad::http::detail {

using SteadyTime = std::chrono::steady_clock::time_point;

// What the sessions share with their server.
struct Shared {
  ServerOptions options;
  Handler handler;
  net::thread_pool pool;
  bool stopping = false;
  bool draining = false;  // who asks again should do so elsewhere
  Shared(ServerOptions chosen, Handler handle)
      : options(std::move(chosen)), handler(std::move(handle)), pool(options.threads) {}
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Shared& shared, std::unique_ptr<Channel> channel, Arrival arrival)
      : shared_(shared), channel_(std::move(channel)), arrival_(std::move(arrival)) {}

  net::awaitable<void> run();
  // Between requests: nothing is lost by closing.
  bool idle() const { return idle_; }
  // Since when it waits for a small body; max(): it does not. Nobody knows yet whose it is.
  SteadyTime body_since() const { return body_since_; }
  void cut();
  // The server looks at it a few times a second: cheaper than a timer for each operation.
  SteadyTime deadline() const { return deadline_; }
  void expire();

  // For the body reader, which waits on a pool thread meanwhile.
  net::awaitable<Result<std::size_t>> read_body(std::span<std::byte> into);
  std::optional<std::uint64_t> declared_size() const { return head_.length; }
  net::any_io_executor executor() { return channel_->executor(); }

 private:
  // Bytes moved and the time that was spent waiting for the other side to move them.
  struct Rate {
    std::uint64_t bytes = 0;
    std::chrono::steady_clock::duration waited{};
  };
  bool too_slow(const Rate& rate) const;

  net::awaitable<bool> read_head();
  net::awaitable<bool> read_first_bytes();
  net::awaitable<bool> serve_one();
  net::awaitable<void> read_ahead();
  net::awaitable<Response> handle(Request& request);
  void tell(std::function<void(bool complete)> on_sent, bool complete);
  net::awaitable<Response> resolve(Response response);
  net::awaitable<bool> send(const Request& request, Response& response, bool keep_alive);
  net::awaitable<bool> send_stream(Stream& stream, bool chunked);
  net::awaitable<bool> send_events(Events& events, bool chunked);
  net::awaitable<bool> send_event(std::string_view text, bool chunked);
  net::awaitable<bool> write(std::string_view bytes);
  net::awaitable<Io> read(std::span<char> into, SteadyTime deadline);
  net::awaitable<void> refuse(int status, std::string_view code, std::string_view message);
  net::awaitable<void> refuse_head(const Error& error);
  net::awaitable<void> close_after_reading();
  net::awaitable<bool> drain_small_rest();

  // A wait that a callback from any thread ends.
  struct Waker;
  net::awaitable<bool> wait(Waker& waker, std::chrono::milliseconds timeout);
  std::shared_ptr<Waker> subscribe(const Wait& wait);

  Shared& shared_;
  std::unique_ptr<Channel> channel_;
  const Arrival arrival_;
  InBuffer in_;
  RequestHead head_;
  std::optional<BodyDecoder> body_;
  SteadyTime deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  bool idle_ = false;
  bool cut_ = false;
  bool last_ = false;  // the answer's end is the connection's
  bool continue_wanted_ = false;
  const char* unread_ = nullptr;  // why the rest of the body does not come
  SteadyTime body_since_ = SteadyTime::max();
  Rate incoming_, outgoing_;
  std::future<void> told_;  // of the answer before
};

}  // namespace cad::http::detail
