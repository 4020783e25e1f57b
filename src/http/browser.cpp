// SPDX-License-Identifier: Apache-2.0
#include "http/browser.hpp"

#include <algorithm>

namespace cad::http {

std::optional<std::string_view> cookie(const Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [header, value] : request.headers.all()) {
    if (!same_name(header, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const auto equals = pair.find('=');
      if (equals == pair.npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

void set_cookie(Response& response, std::string_view name, std::string_view value,
                std::chrono::seconds life, SameSite same_site) {
  std::string text = std::string(name) + "=" + std::string(value) + "; Path=/; Secure; HttpOnly; ";
  text += same_site == SameSite::strict ? "SameSite=Strict" : "SameSite=Lax";
  text += "; Max-Age=" + std::to_string(value.empty() ? 0 : life.count());
  response.headers.add("Set-Cookie", text);
}

bool is_same_origin(const Call& call) {
  const Request& request = call.request;
  if (request.method == "GET") return true;
  if (const auto site = request.headers.find("Sec-Fetch-Site")) return *site == "same-origin";
  const auto origin = request.headers.find("Origin");
  return origin && *origin == call.base_url();
}

}  // namespace cad::http
