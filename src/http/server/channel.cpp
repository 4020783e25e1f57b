// SPDX-License-Identifier: Apache-2.0
#include "http/server/channel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cad::http::detail {
namespace {

// As in all coroutines of this folder, a co_await stands alone in its statement.
constexpr auto kAwait = net::as_tuple(net::use_awaitable);

class PlainChannel : public Channel {
 public:
  explicit PlainChannel(Socket socket) : socket_(std::move(socket)) {}

  net::awaitable<bool> handshake() override { co_return true; }
  net::awaitable<Io> read_some(std::span<char> into) override {
    const net::mutable_buffer buffer(into.data(), into.size());
    const auto [error, count] = co_await socket_.async_read_some(buffer, kAwait);
    co_return Io{error, count};
  }
  net::awaitable<Io> write_some(std::string_view bytes) override {
    const net::const_buffer buffer(bytes.data(), bytes.size());
    const auto [error, count] = co_await socket_.async_write_some(buffer, kAwait);
    co_return Io{error, count};
  }
  net::awaitable<void> end_writing() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    co_return;
  }

 protected:
  Socket& socket() override { return socket_; }

 private:
  Socket socket_;
};

class TlsChannel : public Channel {
 public:
  TlsChannel(Socket socket, ssl_ctx_st* context) : stream_(std::move(socket), SSL_new(context)) {}

  net::awaitable<bool> handshake() override {
    const auto [error] = co_await stream_.async_handshake(net::ssl::stream_base::server, kAwait);
    ready_ = !error;
    co_return ready_;
  }
  net::awaitable<Io> read_some(std::span<char> into) override {
    const net::mutable_buffer buffer(into.data(), into.size());
    const auto [error, count] = co_await stream_.async_read_some(buffer, kAwait);
    co_return Io{error, count};
  }
  net::awaitable<Io> write_some(std::string_view bytes) override {
    const net::const_buffer buffer(bytes.data(), bytes.size());
    const auto [error, count] = co_await stream_.async_write_some(buffer, kAwait);
    co_return Io{error, count};
  }
  net::awaitable<void> end_writing() override {
    if (ready_) {
      // Waits for the other side's farewell, too; data in its place is an error, and no harm.
      const auto [ignored] = co_await stream_.async_shutdown(kAwait);
      (void)ignored;
    }
    error_code error;
    socket().shutdown(Socket::shutdown_send, error);
  }

 protected:
  Socket& socket() override { return stream_.next_layer(); }

 private:
  net::ssl::stream<Socket> stream_;
  bool ready_ = false;
};

}  // namespace

net::awaitable<Io> Channel::read_raw(std::span<char> into) {
  const net::mutable_buffer buffer(into.data(), into.size());
  const auto [error, count] = co_await socket().async_read_some(buffer, kAwait);
  co_return Io{error, count};
}

void Channel::cancel() {
  error_code ignored;
  socket().cancel(ignored);
}

void Channel::close() {
  error_code ignored;
  socket().close(ignored);
}

std::unique_ptr<Channel> make_plain_channel(Socket socket) {
  return std::make_unique<PlainChannel>(std::move(socket));
}

std::unique_ptr<Channel> make_tls_channel(Socket socket, ssl_ctx_st* context) {
  return std::make_unique<TlsChannel>(std::move(socket), context);
}

}  // namespace cad::http::detail
