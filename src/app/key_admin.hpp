// SPDX-License-Identifier: Apache-2.0
// Keys as the operator makes, lists, replaces and ends them: on the data directory, beside a
// running server, which sees every change with its next request. All calls: NOT_FOUND when there is
// no database in `data`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/records.hpp"

namespace cad::app {

struct WantedKey {
  std::string account;   // by name; made when there is none of that name
  std::string key_name;  // for lists
  std::string label;
  std::string scopes;                 // empty: all
  std::vector<std::string> networks;  // where it may be used from; none: anywhere
  std::optional<std::int64_t> days;   // until it expires
  std::string result_schema;          // shape of its results; empty: 2.0.0
  std::string key_file;               // receives the raw key (mode 0600)
};
// The raw key, to be shown this once. INVALID_ARGUMENT.
Result<std::string> add_key(const std::string& data, const WantedKey& wanted, store::UnixMs now);

// Newest first; of the account of that name, or all.
Result<std::vector<store::ApiKey>> list_keys(const std::string& data,
                                             const std::optional<std::string>& account,
                                             store::UnixMs now);

// NOT_FOUND; CONFLICT: it is revoked already.
Result<void> revoke_key(const std::string& data, const std::string& id, store::UnixMs now);

struct Replacement {
  std::string id;                         // of the key that is replaced
  std::optional<std::int64_t> old_hours;  // that the old one still works; none: until revoked
  std::string key_file;                   // receives the raw key (mode 0600)
};
// A key like that one, which sees its jobs; the raw key, to be shown this once. CONFLICT: it was
// replaced or revoked before.
Result<std::string> rotate_key(const std::string& data, const Replacement& wanted,
                               store::UnixMs now);

}  // namespace cad::app
