// SPDX-License-Identifier: Apache-2.0
#include "app/transport.hpp"

namespace cad::app {
namespace {

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

constexpr std::string_view kUnix = "unix:";

Result<void> read_unix(const Config& config, http::ServerOptions& server) {
  server.unix_path = config.listen.substr(kUnix.size());
  if (server.unix_path.empty() || server.unix_path.front() == '@')
    return refuse("\"" + config.listen +
                  "\" names no socket file, like unix:/run/cadlens/api.sock.");
  if (config.socket_mode == "0600") {
    server.unix_mode = 0600;
  } else if (config.socket_mode == "0660") {
    server.unix_mode = 0660;
  } else {
    return refuse("The socket's mode must be 0600 (we alone) or 0660 (our group, too).");
  }
  if (!config.tls_cert.empty())
    return refuse("A Unix socket never leaves this machine; TLS is for ADDRESS:PORT.");
  return {};
}

Result<void> read_proxies(const Config& config, http::TransportPolicy& policy) {
  for (const std::string& proxy : config.trusted_proxies) {
    if (proxy == "unix") {
      policy.unix_is_proxy = true;
    } else {
      CAD_TRY(policy.proxies.add(proxy));
    }
  }
  if (config.proxy_header == "forwarded") {
    policy.header = http::ProxyHeader::forwarded;
  } else if (config.proxy_header != "x-forwarded") {
    return refuse(
        "The proxy's header is \"x-forwarded\" (X-Forwarded-For, -Proto) or \"forwarded\".");
  }
  if (config.proxy_terminates_tls && config.trusted_proxies.empty())
    return refuse(
        "--proxy-terminates-tls needs --trusted-proxy ADDRESS: whose word is to be believed?");
  return {};
}

// The rule that everything else here serves.
Result<void> check_encrypted(const Config& config, const Address& address) {
  if (!config.tls_cert.empty() || address.loopback) return {};
  if (!config.trusted_proxies.empty() && config.proxy_terminates_tls) return {};
  if (!config.trusted_proxies.empty())
    return refuse("Listening on " + config.listen +
                  " without TLS is for a proxy that terminates TLS. If yours does, say so with "
                  "--proxy-terminates-tls; else give a certificate (--tls-cert, --tls-key).");
  return refuse(
      "Listening on " + config.listen +
      " without TLS would send API keys and drawings over the network unencrypted. Give a "
      "certificate (--tls-cert FILE --tls-key FILE), or listen on 127.0.0.1 or a Unix "
      "socket, or name the proxy that terminates TLS (--trusted-proxy ADDRESS "
      "--proxy-terminates-tls).");
}

Result<void> read_tls(const Config& config, http::ServerOptions& server) {
  if (config.tls_cert.empty() != config.tls_key.empty())
    return refuse("TLS needs both the certificate (--tls-cert) and its key (--tls-key).");
  if (!config.tls_cert.empty()) server.tls = http::TlsFiles{config.tls_cert, config.tls_key};
  if (config.http_redirect.empty()) return {};
  if (!server.tls)
    return refuse(
        "--http-redirect points to this server's https, which needs --tls-cert and --tls-key. A "
        "proxy that terminates TLS redirects by itself.");
  CAD_ASSIGN(const Address redirect, parse_address(config.http_redirect));
  server.redirect_address = redirect.host;
  server.redirect_port = redirect.port;
  return {};
}

Result<void> check_public_url(const Config& config) {
  const bool https = config.public_url.starts_with("https://");
  if (config.public_url.empty() || https) return {};
  if (!config.public_url.starts_with("http://"))
    return refuse("The public URL must begin with https:// (or http:// on this machine alone).");
  if (!config.tls_cert.empty() || config.proxy_terminates_tls)
    return refuse("The public URL begins with http://, but clients come by https.");
  return {};
}

}  // namespace

Result<Transport> transport_of(const Config& config) {
  Transport out;
  CAD_TRY(read_proxies(config, out.policy));
  if (config.listen.starts_with(kUnix)) {
    CAD_TRY(read_unix(config, out.server));
    CAD_TRY(read_tls(config, out.server));
  } else {
    CAD_ASSIGN(const Address address, parse_address(config.listen));
    CAD_TRY(read_tls(config, out.server));
    CAD_TRY(check_encrypted(config, address));
    out.server.address = address.host;
    out.server.port = address.port;
  }
  CAD_TRY(check_public_url(config));
  if (config.max_connections < 1 || config.max_connections_per_address < 1)
    return refuse("There must be room for one connection at least.");
  out.policy.public_url = config.public_url;
  while (out.policy.public_url.ends_with('/')) out.policy.public_url.pop_back();
  out.server.max_connections = config.max_connections;
  out.server.max_connections_per_address = config.max_connections_per_address;
  out.server.uncounted = out.policy.proxies;
  return out;
}

}  // namespace cad::app
