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

// A link that signs in to that account once, at `base_url`. NOT_FOUND: there is none any more.
Result<std::string> make_owner_link(store::Database& database, const std::string& base_url,
                                    audit::Log& audit, const std::string& actor, store::UnixMs now);

// At a start: such a link in `file` (mode 0600), which is gone where the account has another way
// in. True: it is there.
Result<bool> offer_owner_link(store::Database& database, const std::string& file,
                              const std::string& base_url, audit::Log& audit, store::UnixMs now);

}  // namespace cad::app
