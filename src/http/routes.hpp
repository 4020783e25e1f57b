// SPDX-License-Identifier: Apache-2.0
// Every path that the server knows, in one table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/call.hpp"

namespace cad::http {

// Who may call: a row must say so, as there is no default.
class Access {
 public:
  static constexpr Access open() { return Access(std::nullopt); }
  static constexpr Access with(auth::Scope scope) { return Access(scope); }
  constexpr const std::optional<auth::Scope>& scope() const { return scope_; }

 private:
  constexpr explicit Access(std::optional<auth::Scope> scope) : scope_(scope) {}
  std::optional<auth::Scope> scope_;
};

enum class Body : std::uint8_t { none, upload };  // upload: up to the configured size

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/jobs/{id}/result"
  Access access;
  Body body;
  Answer (*handler)(Call& call);
};

std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;  // null: no such path, or not with this method
  std::vector<std::string> params;
  std::string allowed;  // "GET, HEAD, DELETE" when the path exists
};
Match match(std::span<const Route> table, std::string_view method,
            const std::vector<std::string>& segments);

}  // namespace cad::http
