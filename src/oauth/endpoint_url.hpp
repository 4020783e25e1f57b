// SPDX-License-Identifier: Apache-2.0
// URLs of a provider's endpoints: https, or http to this very machine for tests and development.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::oauth {

struct EndpointUrl {
  std::string origin;  // "https://github.com", "http://127.0.0.1:9000"
  bool loopback_http = false;
};

// INVALID_ARGUMENT begins with `what` ("The token URL") and never repeats the text.
Result<EndpointUrl> check_endpoint(std::string_view url, std::string_view what);

// An issuer is an endpoint's URL without a query (OpenID Connect Discovery, section 2).
Result<EndpointUrl> check_issuer(std::string_view url);

}  // namespace cad::oauth
