// SPDX-License-Identifier: Apache-2.0
// From a request to its answer: route, key, scope, body bound, endpoint; then the headers, the
// compression and the log line that every answer gets.
#pragma once

#include "http/call.hpp"
#include "http/message.hpp"

namespace cad::http {

// Never throws. `api` must outlive the handler.
Handler make_handler(Api& api);

}  // namespace cad::http
