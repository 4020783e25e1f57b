// SPDX-License-Identifier: Apache-2.0
#include "app/backends.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "secrets/environment.hpp"
#include "webhooks/address.hpp"

namespace cad::app {
namespace {

constexpr std::array kVariables{"CADLENS_DATABASE_URL", "CADLENS_REDIS_URL", "CADLENS_S3_URL"};
constexpr std::array<std::string_view, 7> kPrivate{
    "10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8",
    "169.254.0.0/16", "fc00::/7",      "::1/128"};

bool is_private(const webhooks::Address& address) {
  return std::any_of(kPrivate.begin(), kPrivate.end(), [&](std::string_view net) {
    return webhooks::contains(*webhooks::parse_cidr(net), address);
  });
}

bool is_private_host(const std::string& host, const LookUp& look_up) {
  if (host.empty() || host.front() == '/') return true;  // a Unix socket
  if (const auto address = webhooks::parse_address(host)) return is_private(*address);
  const auto found = look_up(host);
  return !found.empty() && std::all_of(found.begin(), found.end(), [](const std::string& text) {
    const auto address = webhooks::parse_address(text);
    return address && is_private(*address);
  });
}

std::string host_of(std::string_view authority) {
  authority.remove_prefix(authority.rfind('@') == authority.npos ? 0 : authority.rfind('@') + 1);
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

// libpq's other modes either do not encrypt or do not look whom they speak with.
bool verifies_tls(std::string_view query) {
  return ("&" + std::string(query) + "&").find("&sslmode=verify-") != std::string::npos;
}

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

std::vector<std::string> system_look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  std::vector<std::string> all;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next)
    if (const auto address = webhooks::from_sockaddr(at->ai_addr))
      all.push_back(webhooks::to_string(*address));
  ::freeaddrinfo(found);
  return all;
}

}  // namespace

Result<void> check_backend(const std::string& variable, std::string_view url,
                           const LookUp& look_up) {
  const auto colon = url.find("://");
  if (colon == url.npos) return refuse(variable + " must be a URL like postgresql://host/name.");
  const std::string_view scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string host = host_of(rest.substr(0, end));
  const auto question = rest.find('?');
  const std::string_view query = question == rest.npos ? "" : rest.substr(question + 1);
  const bool postgres = scheme == "postgresql" || scheme == "postgres";
  if (!postgres && scheme != "redis" && scheme != "rediss" && scheme != "http" && scheme != "https")
    return refuse(variable +
                  " must begin with postgresql://, rediss://, redis://, https:// or http://.");
  const bool encrypted =
      scheme == "rediss" || scheme == "https" || (postgres && verifies_tls(query));
  if (encrypted || is_private_host(host, look_up)) return {};
  return refuse(variable +
                " would reach its host over a public network unencrypted. Use TLS (rediss://, "
                "https://, postgresql://...?sslmode=verify-full) or a host on a private network.");
}

Result<void> check_backend(const std::string& variable, std::string_view url) {
  return check_backend(variable, url, system_look_up);
}

Result<void> check_backends() {
  for (const char* variable : kVariables) {
    CAD_ASSIGN(const auto url, secrets::secret_from_environment(variable));
    if (!url) continue;
    CAD_TRY(check_backend(variable, url->text(), system_look_up));
    return refuse(std::string(variable) +
                  " is set, but this version keeps everything in its data directory (--data) and "
                  "uses no other machine. Unset it.");
  }
  return {};
}

}  // namespace cad::app
