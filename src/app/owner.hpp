// SPDX-License-Identifier: Apache-2.0
// Accounts and their keys, as the operator makes them.
#pragma once

#include <optional>
#include <string>

#include "store/repositories.hpp"

namespace cad::app {

// On a fresh database: an account, a key with every scope, and the raw key in `key_file` (mode
// 0600) if one is named. The raw key, to be shown this once; none when there is an account already.
Result<std::optional<std::string>> ensure_owner(store::Database& database,
                                                const std::string& key_file, store::UnixMs now);

struct WantedKey {
  std::string account;   // by name; made when there is none of that name
  std::string key_name;  // for lists
  std::string scopes;    // empty: all
  std::string key_file;  // receives the raw key (mode 0600)
};
// The raw key, to be shown this once. Works beside a running server. INVALID_ARGUMENT; NOT_FOUND:
// there is no database in `data`.
Result<std::string> add_key(const std::string& data, const WantedKey& wanted, store::UnixMs now);

}  // namespace cad::app
