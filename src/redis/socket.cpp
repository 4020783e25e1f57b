// SPDX-License-Identifier: Apache-2.0
#include "redis/socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cad::redis {
namespace {

tl::unexpected<Error> away(std::string what) {
  return fail(ErrorCode::unavailable, "Redis is not available: " + std::move(what));
}

std::string reason_of(int error) { return std::string(::strerrordesc_np(error)) + "."; }

Result<void> wait_for(int fd, short events, Deadline deadline) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return away("it did not answer in time.");
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<long>(left.count(), 60'000)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return away(reason_of(errno));
  }
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> look_up(const Options& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(options.port);
  if (::getaddrinfo(options.host.c_str(), port.c_str(), &hints, &found) != 0)
    return away("its host name is not known.");
  return Addresses(found);
}

Result<UniqueFd> connect_to(const addrinfo& address, Deadline deadline) {
  UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return away(reason_of(errno));
  const int on = 1;
  (void)::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return fd;
  if (errno != EINPROGRESS) return away(reason_of(errno));
  CAD_TRY(wait_for(fd.get(), POLLOUT, deadline));
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return away(reason_of(error));
  return fd;
}

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

// The host must be named in the certificate: as a DNS name or, where it is one, as an address.
bool expect_host(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* checks = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1) return true;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

struct Socket::Tls {
  std::unique_ptr<SSL_CTX, FreeContext> context;
  std::unique_ptr<SSL, FreeSsl> ssl;

  // What an SSL call wants: the events to wait for, or an error.
  Result<short> wants(int code) const {
    const int error = SSL_get_error(ssl.get(), code);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return POLLIN;
    if (error == SSL_ERROR_WANT_WRITE) return POLLOUT;
    return away("it closed the connection.");
  }
};

Socket::Socket(UniqueFd fd, std::unique_ptr<Tls> tls) : fd_(std::move(fd)), tls_(std::move(tls)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

Result<Socket> Socket::open(const Options& options, Deadline deadline) {
  CAD_ASSIGN(const Addresses addresses, look_up(options));
  Result<UniqueFd> fd = away("its host has no address.");
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    fd = connect_to(*at, deadline);
    if (fd) break;
  }
  if (!fd) return tl::unexpected(std::move(fd.error()));
  Socket socket(std::move(*fd), nullptr);
  if (options.tls) CAD_TRY(socket.secure(options, deadline));
  return socket;
}

Result<void> Socket::secure(const Options& options, Deadline deadline) {
  auto tls = std::make_unique<Tls>();
  tls->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = tls->context.get();
  if (context == nullptr) return away("TLS could not be set up.");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const bool trusted = options.ca_file.empty()
                           ? SSL_CTX_set_default_verify_paths(context) == 1
                           : SSL_CTX_load_verify_file(context, options.ca_file.c_str()) == 1;
  ERR_clear_error();
  if (!trusted) return away("the certificates to trust cannot be read.");
  tls->ssl.reset(SSL_new(context));
  SSL* ssl = tls->ssl.get();
  if (ssl == nullptr || !expect_host(ssl, options.host) || SSL_set_fd(ssl, fd_.get()) != 1)
    return away("TLS could not be set up.");
  while (true) {
    const int code = SSL_connect(ssl);
    if (code == 1) break;
    const long verified = SSL_get_verify_result(ssl);
    const auto events = tls->wants(code);
    if (!events && verified != X509_V_OK)
      return away(std::string("its certificate is not to be trusted: ") +
                  X509_verify_cert_error_string(verified) + ".");
    if (!events) return away("it does not speak TLS here.");
    CAD_TRY(wait_for(fd_.get(), *events, deadline));
  }
  tls_ = std::move(tls);
  return {};
}

Result<std::size_t> Socket::try_read(std::span<char> into, short& events) {
  events = POLLIN;
  if (tls_) {
    const int count = SSL_read(tls_->ssl.get(), into.data(), static_cast<int>(into.size()));
    if (count > 0) return static_cast<std::size_t>(count);
    CAD_ASSIGN(events, tls_->wants(count));
    return std::size_t{0};
  }
  const auto count = ::recv(fd_.get(), into.data(), into.size(), 0);
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0) return away("it closed the connection.");
  if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
  return away(reason_of(errno));
}

Result<std::size_t> Socket::try_write(std::string_view bytes, short& events) {
  events = POLLOUT;
  if (tls_) {
    const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1u << 20));
    const int count = SSL_write(tls_->ssl.get(), bytes.data(), size);
    if (count > 0) return static_cast<std::size_t>(count);
    CAD_ASSIGN(events, tls_->wants(count));
    return std::size_t{0};
  }
  const auto count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
  return away(reason_of(errno));
}

Result<void> Socket::write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    short events = 0;
    CAD_ASSIGN(const std::size_t count, try_write(bytes, events));
    bytes.remove_prefix(count);
    if (count == 0) CAD_TRY(wait_for(fd_.get(), events, deadline));
  }
  return {};
}

Result<std::size_t> Socket::read(std::span<char> into, Deadline deadline) {
  while (true) {
    short events = 0;
    CAD_ASSIGN(const std::size_t count, try_read(into, events));
    if (count > 0) return count;
    CAD_TRY(wait_for(fd_.get(), events, deadline));
  }
}

Result<std::size_t> Socket::read_now(std::span<char> into) {
  short events = 0;
  return try_read(into, events);
}

bool Socket::is_quiet() const {
  pollfd one{fd_.get(), POLLIN, 0};
  return ::poll(&one, 1, 0) == 0;
}

}  // namespace cad::redis
