// SPDX-License-Identifier: Apache-2.0
// Where connections come in: a TCP port or a socket file.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

#include "base/result.hpp"
#include "http/message.hpp"

namespace cad::http::detail {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

// UNAVAILABLE with the reason. The port that was bound is written to `port`.
Result<Acceptor> listen_tcp(boost::asio::io_context& loop, const std::string& address,
                            std::uint16_t& port);
// A socket file that nobody listens on any more (a server that was killed leaves one) is replaced.
Result<Acceptor> listen_unix(boost::asio::io_context& loop, const std::string& path, unsigned mode);

// The IP address of the other side, "unix", or nothing when it is gone already.
std::string peer_of(boost::asio::generic::stream_protocol::socket& socket);

}  // namespace cad::http::detail
