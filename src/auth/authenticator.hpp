// SPDX-License-Identifier: Apache-2.0
// Who calls, and what they may do.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/repositories.hpp"

namespace cad::auth {

enum class Scope : std::uint8_t { parse, read, remove };
std::string_view to_string(Scope scope);  // "parse", "jobs:read", "jobs:delete"
std::string all_scopes();                 // as ApiKey::scopes

struct Principal {
  std::string key_id, account_id;
  std::string family;  // of the key: the same for those that replace each other
  std::string scopes;
  std::string result_schema = "2.0.0";  // that the key is pinned to
  bool has(Scope scope) const;
};

using Clock = std::function<store::UnixMs()>;

class Authenticator {
 public:
  Authenticator(store::Database& database, Clock clock)
      : keys_(database), clock_(std::move(clock)) {}

  // The value of the Authorization header ("Bearer cadl_..."), and the address of who calls.
  // NOT_FOUND: missing, malformed, unknown, revoked or expired, and the message does not tell which
  // of the last three. CONFLICT: the key may not be used from there.
  Result<Principal> authenticate(std::optional<std::string_view> authorization,
                                 std::string_view remote);

 private:
  void note_use(const store::ApiKey& key, store::UnixMs now);

  store::KeyRepository keys_;
  Clock clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, store::UnixMs> noted_;
};

}  // namespace cad::auth
