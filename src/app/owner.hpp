// SPDX-License-Identifier: Apache-2.0
// The account that a fresh installation starts with.
#pragma once

#include <optional>
#include <string>

#include "audit/log.hpp"
#include "store/repositories.hpp"

namespace cad::app {

// On a fresh database: an account, a key with every scope, and the raw key in `key_file` (mode
// 0600) if one is named. The raw key, to be shown this once; none when there is an account already.
Result<std::optional<std::string>> ensure_owner(store::Database& database,
                                                const std::string& key_file, audit::Log& audit,
                                                store::UnixMs now);

}  // namespace cad::app
