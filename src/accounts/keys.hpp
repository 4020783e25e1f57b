// SPDX-License-Identifier: Apache-2.0
// API keys of an account: made, replaced, ended. The raw key is given once and never stored.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/problem.hpp"
#include "auth/api_key.hpp"
#include "store/repositories.hpp"

namespace cad::accounts {

struct WantedKey {
  std::string name;                   // for lists
  std::string label;                  // project or environment
  std::string scopes;                 // empty: those of jobs
  std::vector<std::string> networks;  // where it may be used from; none: anywhere
  std::optional<store::UnixMs> expires_at;
  std::string result_schema = "2.0.0";  // shape of its results
};

// The record of `made` as wanted. INVALID_ARGUMENT names what is wrong.
Result<store::ApiKey> record_of(const WantedKey& wanted, const auth::NewKey& made,
                                const std::string& account_id, store::UnixMs now);
// A key like the old one: its name, label, scopes, addresses and length of life; it sees its jobs.
// CONFLICT: the old one is revoked.
Result<store::ApiKey> replacement_of(const store::ApiKey& old, const auth::NewKey& made,
                                     store::UnixMs now);
// Stores it; the old one ends at `old_until`. CONFLICT: the old one was replaced before. False: the
// account has `most` keys that work.
Result<bool> replace_key(store::Database& database, const store::ApiKey& old,
                         const store::ApiKey& replacement, std::optional<store::UnixMs> old_until,
                         std::optional<std::int64_t> most = std::nullopt);

struct MadeKey {
  store::ApiKey record;
  std::string raw;
};
Outcome<MadeKey> create_key(store::Database& database, const std::string& account_id,
                            const WantedKey& wanted, store::UnixMs now);
// MISSING also for another account's key.
Outcome<MadeKey> rotate_key(store::Database& database, const std::string& account_id,
                            const std::string& key_id, std::optional<store::UnixMs> old_until,
                            store::UnixMs now);
Outcome<void> revoke_key(store::Database& database, const std::string& account_id,
                         const std::string& key_id, store::UnixMs now);

}  // namespace cad::accounts
