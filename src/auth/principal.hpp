// SPDX-License-Identifier: Apache-2.0
// Who calls, and what they may do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/records.hpp"

namespace cad::auth {

// What a key may be allowed. A session, where a person acts, may do all of it.
enum class Scope : std::uint8_t { parse, read, remove, webhooks, usage };
std::string_view to_string(Scope scope);  // "parse", "jobs:read", "jobs:delete" ...
std::string job_scopes();                 // of a key made without any, as ApiKey::scopes
std::string all_scopes();
// Words of all_scopes(), each once, separated by single blanks; empty gives job_scopes().
// INVALID_ARGUMENT names what is no scope.
Result<std::string> check_scopes(std::string_view scopes);

struct Principal {
  std::string key_id, account_id;  // of a session: of the key that its uploads belong to
  std::string family = {};         // of the key: the same for those that replace each other
  std::string scopes = {};
  std::string result_schema = "2.0.0";  // that the key is pinned to
  std::string session_id = {};          // of a person's session; empty: an API key
  bool by_cookie = false;               // that a browser sends by itself
  store::AccountState account = {};

  bool is_session() const { return !session_id.empty(); }
  bool has(Scope scope) const;
  store::Viewer viewer() const { return {account_id, key_id, is_session()}; }
};

}  // namespace cad::auth
