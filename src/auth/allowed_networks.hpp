// SPDX-License-Identifier: Apache-2.0
// Where a key may be used from: networks as net::Networks reads them, separated by blanks.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::auth {

// INVALID_ARGUMENT: one of them is none.
Result<void> check_networks(std::string_view networks);

// Nothing listed: from anywhere. Something listed: only from an address that lies in it; "unix" and
// what is no address never do, and a list that cannot be read allows nothing.
bool allows(std::string_view networks, std::string_view remote);

}  // namespace cad::auth
