// SPDX-License-Identifier: Apache-2.0
// What the operator chose about connections, checked: no combination sends secrets over a network
// unencrypted.
#pragma once

#include "app/config.hpp"
#include "http/server/server.hpp"
#include "http/transport/guard.hpp"

namespace cad::app {

struct Transport {
  http::ServerOptions server;
  http::TransportPolicy policy;
};
// INVALID_ARGUMENT with the reason and the way out.
Result<Transport> transport_of(const Config& config);

}  // namespace cad::app
