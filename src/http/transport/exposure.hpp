// SPDX-License-Identifier: Apache-2.0
// Credentials in a request: what must not travel unencrypted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cad::http {

struct Exposure {
  std::string where;       // "Authorization", "Cookie", "query token", "path" ...: never a value
  std::string key_prefix;  // "cadl_" and 7 digits, as lists show it; empty: no API key was found
  std::string key_hash;    // as stored with the key, if it is a whole one: to find its owner
  std::string remote, path;
};

// Looks at header fields and target, never at the body. None: the request carries no credential.
std::optional<Exposure> find_exposure(const Request& request);

// `text` with every API key in it cut to its prefix and "...".
std::string without_keys(std::string_view text);

}  // namespace cad::http
