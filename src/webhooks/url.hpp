// SPDX-License-Identifier: Apache-2.0
// Webhook URLs, read strictly: what two programs could read in two ways is refused, so that the
// host that is judged is the host that is called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/address.hpp"

namespace cad::webhooks {

struct Url {
  bool https = true;
  std::string host;                // lower case; an IPv6 address without brackets
  std::optional<Address> address;  // the host, if it is an address
  std::uint16_t port = 443;
  std::string text;  // written anew from the parts, without a fragment
};

// INVALID_ARGUMENT with what is wrong, in words for its user ("Must name a host.").
Result<Url> parse_url(std::string_view text);

}  // namespace cad::webhooks
