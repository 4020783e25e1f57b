// SPDX-License-Identifier: Apache-2.0
// Stands before the handler: who calls, over what, and what crossed the network unencrypted is not
// processed.
#pragma once

#include <functional>
#include <string>

#include "http/transport/exposure.hpp"
#include "http/transport/forwarded.hpp"

namespace spdlog {
class logger;
}

namespace cad::http {

struct TransportPolicy {
  net::Networks proxies;  // whose forwarded headers are believed, and which terminate TLS
  bool unix_is_proxy = false;
  ProxyHeader header = ProxyHeader::x_forwarded;
  std::string public_url;  // where https is; empty: as the client addressed us
  // A credential was sent unencrypted. Called on a pool thread for each such request, so it must be
  // quick and leave out repetitions by itself.
  std::function<void(const Exposure&)> notify;
};

struct Origin {
  std::string client;
  bool https = false;    // as the client sees it
  bool exposed = false;  // it could be read on its way
};
Origin origin_of(const Arrival& arrival, const Headers& headers, const TransportPolicy& policy);

// Sets Request::remote and Request::https. An exposed request gets 308 to the same URL on https,
// or, with a credential in it, 403 INSECURE_TRANSPORT; `next` never sees it. `log` must outlive it.
Handler guard_transport(TransportPolicy policy, spdlog::logger& log, Handler next);

}  // namespace cad::http
