// SPDX-License-Identifier: Apache-2.0
// A connection as bytes: plain (TCP, Unix socket) or TLS.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <span>
#include <string_view>

struct ssl_ctx_st;

namespace cad::http::detail {

namespace net = boost::asio;
using boost::system::error_code;
using Socket = net::generic::stream_protocol::socket;

struct Io {
  error_code error;
  std::size_t count = 0;
};

class Channel {
 public:
  virtual ~Channel() = default;
  virtual net::awaitable<bool> handshake() = 0;
  virtual net::awaitable<Io> read_some(std::span<char> into) = 0;
  virtual net::awaitable<Io> write_some(std::string_view bytes) = 0;
  // Nothing more will be written: the other side is told.
  virtual net::awaitable<void> end_writing() = 0;
  // What comes after that, not decrypted any more: only good for dropping.
  net::awaitable<Io> read_raw(std::span<char> into);

  // What waits ends now, with an error.
  void cancel();
  void close();
  net::any_io_executor executor() { return socket().get_executor(); }

 protected:
  virtual Socket& socket() = 0;
};

std::unique_ptr<Channel> make_plain_channel(Socket socket);
std::unique_ptr<Channel> make_tls_channel(Socket socket, ssl_ctx_st* context);

}  // namespace cad::http::detail
