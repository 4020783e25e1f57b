// SPDX-License-Identifier: Apache-2.0
// Where webhooks may go. A URL is judged when it is given, and again on every try, after its name
// has been looked up: the addresses that were judged are the only ones that are connected to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/resolver.hpp"
#include "webhooks/url.hpp"

namespace cad::webhooks {

struct Policy {
  bool allow_http = false;
  std::vector<Cidr> allow;  // networks that may be called though they are not public
};

// None, or what is wrong with the URL as it is written, in words for its user. A name is not looked
// up.
std::optional<std::string> url_fault(const Policy& policy, std::string_view url);

struct Destination {
  Url url;
  std::vector<Address> addresses;  // all of them allowed
};

// INVALID_ARGUMENT: the URL, or one of the addresses behind its name, is not allowed; trying again
// is useless. UNAVAILABLE: the name cannot be looked up now.
Result<Destination> find_destination(const Policy& policy, Resolver& resolver,
                                     std::string_view url);

}  // namespace cad::webhooks
