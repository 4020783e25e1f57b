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

// Who may call: a row must say so, as there is no default. A session may do what a key may.
class Access {
 public:
  static constexpr Access open() { return Access(Who::anybody, {}); }
  static constexpr Access with(auth::Scope scope) { return Access(Who::key, scope); }
  static constexpr Access session() { return Access(Who::session, {}); }
  constexpr bool is_open() const { return who_ == Who::anybody; }
  constexpr bool needs_session() const { return who_ == Who::session; }
  constexpr const std::optional<auth::Scope>& scope() const { return scope_; }

 private:
  enum class Who : std::uint8_t { anybody, key, session };
  constexpr Access(Who who, std::optional<auth::Scope> scope) : who_(who), scope_(scope) {}
  Who who_;
  std::optional<auth::Scope> scope_;
};

// upload: up to the configured size; json: up to 64 KiB
enum class Body : std::uint8_t { none, json, upload };

// Which limits of the rate a caller pays into. costly: a stricter one beside the usual one, as it
// is for guessing and sending. none: a probe, which many balancers behind one address may send
// every second, and which costs next to nothing; that it went well is no news either. The app's
// files (pages.hpp) are as cheap.
enum class Toll : std::uint8_t { usual, costly, none };

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/jobs/{id}/result"
  Access access;
  Body body;
  Answer (*handler)(Call& call);
  Toll toll = Toll::usual;
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
