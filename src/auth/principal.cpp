// SPDX-License-Identifier: Apache-2.0
#include "auth/principal.hpp"

#include <algorithm>
#include <array>

namespace cad::auth {
namespace {

constexpr std::array kJobScopes{Scope::parse, Scope::read, Scope::remove};
constexpr std::array kScopes{Scope::parse, Scope::read, Scope::remove, Scope::webhooks,
                             Scope::usage};

template <class List>
std::string joined(const List& scopes) {
  std::string out;
  for (const Scope scope : scopes) {
    if (!out.empty()) out += ' ';
    out += to_string(scope);
  }
  return out;
}

bool is_among(std::string_view word, std::string_view words) {
  return (' ' + std::string(words) + ' ').find(' ' + std::string(word) + ' ') != std::string::npos;
}

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::parse: return "parse";
    case Scope::read: return "jobs:read";
    case Scope::remove: return "jobs:delete";
    case Scope::webhooks: return "webhooks";
    case Scope::usage: return "usage:read";
  }
  return "";
}

std::string job_scopes() { return joined(kJobScopes); }
std::string all_scopes() { return joined(kScopes); }

Result<std::string> check_scopes(std::string_view scopes) {
  if (scopes.empty()) return job_scopes();
  std::string out;
  while (!scopes.empty()) {
    const std::string word(scopes.substr(0, scopes.find(' ')));
    if (word.empty() || !is_among(word, all_scopes()))
      return fail(ErrorCode::invalid_argument,
                  "\"" + word + "\" is no scope; there are: " + all_scopes() + ".");
    if (!is_among(word, out)) out += (out.empty() ? "" : " ") + word;
    scopes.remove_prefix(std::min(word.size() + 1, scopes.size()));
  }
  return out;
}

bool Principal::has(Scope scope) const {
  return is_session() || is_among(to_string(scope), scopes);
}

}  // namespace cad::auth
