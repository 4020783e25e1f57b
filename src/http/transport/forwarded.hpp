// SPDX-License-Identifier: Apache-2.0
// What a trusted proxy says of the request that it forwards.
#pragma once

#include <optional>
#include <string>

#include "http/message.hpp"
#include "net/networks.hpp"

namespace cad::http {

// Which headers the proxies write. The others are never read: a proxy passes on what a client sent.
enum class ProxyHeader {
  x_forwarded,  // X-Forwarded-For and X-Forwarded-Proto
  forwarded     // RFC 7239
};

struct Forwarded {
  std::string client;         // its address
  std::optional<bool> https;  // on the whole way; none: nothing is said
};

// Read from right to left, over the proxies among `trusted`, to the first address that is none.
// What is left of it, and what is no address, is the client's own invention. `peer`: of the
// connection, a trusted one.
Forwarded read_forwarded(const Headers& headers, ProxyHeader header, const std::string& peer,
                         const net::Networks& trusted);

}  // namespace cad::http
