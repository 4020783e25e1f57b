// SPDX-License-Identifier: Apache-2.0
#include "http/server/listener.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstring>

#include "base/unique_fd.hpp"
#include "net/networks.hpp"

namespace cad::http::detail {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::generic::stream_protocol;
constexpr int kBacklog = 512;

tl::unexpected<Error> cannot(const std::string& where, const std::string& why) {
  return fail(ErrorCode::unavailable, "Cannot listen on " + where + ": " + why + ".");
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::memcpy(out.sun_path, path.data(), std::min(path.size(), sizeof(out.sun_path) - 1));
  return out;
}

bool somebody_listens(const sockaddr_un& address) {
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace

Result<Acceptor> listen_tcp(net::io_context& loop, const std::string& address,
                            std::uint16_t& port) {
  const bool six = address.find(':') != address.npos;
  const std::string where = (six ? "[" + address + "]" : address) + ":" + std::to_string(port);
  error_code error;
  const auto ip = net::ip::make_address(address, error);
  if (error)
    return fail(ErrorCode::invalid_argument,
                "\"" + address + "\" is not an IP address to listen on.");
  const net::ip::tcp::endpoint endpoint(ip, port);
  Acceptor acceptor(loop);
  acceptor.open(stream_protocol(endpoint.protocol()), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(stream_protocol::endpoint(endpoint), error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return cannot(where, error.message());
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  ::getsockname(acceptor.native_handle(), reinterpret_cast<sockaddr*>(&bound), &size);
  // The port stands at the same place in both families.
  port = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  return acceptor;
}

Result<Acceptor> listen_unix(net::io_context& loop, const std::string& path, unsigned mode) {
  const std::string where = "unix:" + path;
  const sockaddr_un address = address_of(path);
  if (path.size() >= sizeof(address.sun_path)) return cannot(where, "the path is too long");
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) {
    if (!S_ISSOCK(info.st_mode)) return cannot(where, "there is a file that is no socket");
    if (somebody_listens(address)) return cannot(where, "another server listens there");
    if (::unlink(path.c_str()) != 0) return cannot(where, std::strerror(errno));
  }
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return cannot(where, std::strerror(errno));
  // Before listen(), so that nobody comes in between.
  if (::chmod(path.c_str(), mode) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return cannot(where, std::strerror(errno));
  Acceptor acceptor(loop);
  error_code error;
  acceptor.assign(stream_protocol(AF_UNIX, 0), socket.get(), error);
  if (error) return cannot(where, error.message());
  (void)socket.release();
  return acceptor;
}

std::string peer_of(stream_protocol::socket& socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  if (::getpeername(socket.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size) != 0)
    return {};
  cad::net::IpAddress out;
  if (peer.ss_family == AF_UNIX) return "unix";
  if (peer.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(peer);
    out.bytes[10] = out.bytes[11] = 0xff;
    std::memcpy(out.bytes.data() + 12, &four.sin_addr, 4);
  } else {
    std::memcpy(out.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, 16);
  }
  return out.text();
}

}  // namespace cad::http::detail
