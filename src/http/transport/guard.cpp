// SPDX-License-Identifier: Apache-2.0
#include "http/transport/guard.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "crypto/bytes.hpp"
#include "http/api_error.hpp"
#include "logging/quoted.hpp"

namespace cad::http {
namespace {

// The host of a Host field, without its port; empty: none that a redirect could be sent to.
std::string host_only(std::optional<std::string_view> field) {
  if (!field || field->empty()) return {};
  std::string_view host = *field;
  if (host.front() == '[') {
    const auto close = host.find(']');
    if (close == host.npos || !net::parse_ip(host.substr(1, close - 1))) return {};
    return std::string(host.substr(0, close + 1));
  }
  host = host.substr(0, host.find(':'));
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_';
  });
  return plain ? std::string(host) : std::string();
}

std::string https_base(const Request& request, const TransportPolicy& policy) {
  if (policy.public_url.starts_with("https://")) return policy.public_url;
  const std::string host = host_only(request.headers.find("Host"));
  if (host.empty()) return {};
  const std::uint16_t port = request.arrival.redirect_only ? request.arrival.tls_port : 443;
  return "https://" + host + (port == 443 ? "" : ":" + std::to_string(port));
}

Response refuse(const ApiError& error, const std::string& id) {
  Response response = to_response(error, id);
  response.headers.set("X-Request-Id", id);
  response.close = true;
  return response;
}

Response answer_exposed(const Request& request, const TransportPolicy& policy,
                        spdlog::logger& log) {
  const std::string id = "req_" + crypto::random_hex(12);
  if (const auto exposure = find_exposure(request)) {
    log.warn("event=insecure_transport remote={} where={} key={} path={} request={}",
             exposure->remote, logging::quoted(exposure->where),
             exposure->key_prefix.empty() ? "-" : exposure->key_prefix,
             logging::quoted(exposure->path), id);
    if (policy.notify) policy.notify(*exposure);
    return refuse(ApiError(403, "INSECURE_TRANSPORT",
                           "A credential was sent over an unencrypted connection, so the request "
                           "was not processed. Others may have read it: revoke and replace it, and "
                           "use https."),
                  id);
  }
  const std::string base = https_base(request, policy);
  if (base.empty())
    return refuse(ApiError(400, "BAD_REQUEST", "The Host is missing or malformed."), id);
  Response response;
  response.status = 308;
  response.headers.set("Location", base + request.target);
  response.headers.set("X-Request-Id", id);
  response.body = std::string();
  response.close = true;
  return response;
}

}  // namespace

Origin origin_of(const Arrival& arrival, const Headers& headers, const TransportPolicy& policy) {
  const auto peer = net::parse_ip(arrival.peer);
  const bool local = arrival.way == Arrival::Way::unix_socket;
  const bool tls = arrival.way == Arrival::Way::tls;
  const bool trusted = local ? policy.unix_is_proxy : peer && policy.proxies.contains(*peer);
  Origin out{arrival.peer, tls, !tls && !local && !(peer && peer->is_loopback())};
  if (trusted && !arrival.redirect_only) {
    const Forwarded said = read_forwarded(headers, policy.header, arrival.peer, policy.proxies);
    out.client = said.client;
    // A proxy that says nothing terminates TLS: that is what it was configured for.
    out.https = said.https.value_or(true);
    out.exposed = !out.https;
  }
  if (arrival.redirect_only) out.exposed = true;
  return out;
}

Handler guard_transport(TransportPolicy policy, spdlog::logger& log, Handler next) {
  auto shared = std::make_shared<const TransportPolicy>(std::move(policy));
  return [shared, &log, next = std::move(next)](Request& request) {
    const Origin origin = origin_of(request.arrival, request.headers, *shared);
    request.remote = origin.client;
    request.https = origin.https;
    return origin.exposed ? answer_exposed(request, *shared, log) : next(request);
  };
}

}  // namespace cad::http
