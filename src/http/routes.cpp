// SPDX-License-Identifier: Apache-2.0
#include "http/routes.hpp"

#include <array>

#include "http/endpoints/endpoints.hpp"

namespace cad::http {
namespace {

using auth::Scope;

constexpr std::array kRoutes{
    Route{"POST", "/v1/parse", Access::with(Scope::parse), Body::upload, post_parse},
    Route{"GET", "/v1/jobs", Access::with(Scope::read), Body::none, get_jobs},
    Route{"GET", "/v1/jobs/{id}", Access::with(Scope::read), Body::none, get_job},
    Route{"DELETE", "/v1/jobs/{id}", Access::with(Scope::remove), Body::none, delete_job},
    Route{"GET", "/v1/jobs/{id}/result", Access::with(Scope::read), Body::none, get_result},
    Route{"GET", "/v1/jobs/{id}/image", Access::with(Scope::read), Body::none, get_image},
    Route{"GET", "/v1/jobs/{id}/events", Access::with(Scope::read), Body::none, get_events},
    Route{"GET", "/v1/jobs/{id}/entities", Access::with(Scope::read), Body::none, get_entities},
    Route{"GET", "/v1/jobs/{id}/scene", Access::with(Scope::read), Body::none, get_scene},
    Route{"GET", "/v1/formats", Access::open(), Body::none, get_formats},
    // The signature in the URL is the permission.
    Route{"GET", "/v1/previews/{id}/{file}", Access::open(), Body::none, get_preview},
    Route{"GET", "/.well-known/security.txt", Access::open(), Body::none, get_security_txt},
    Route{"GET", "/health", Access::open(), Body::none, get_health},
    Route{"GET", "/ready", Access::open(), Body::none, get_ready},
    Route{"GET", "/openapi.json", Access::open(), Body::none, get_openapi},
};

bool matches(std::string_view pattern, const std::vector<std::string>& segments,
             std::vector<std::string>& params) {
  params.clear();
  std::size_t i = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // "/"
    const auto slash = pattern.find('/');
    const std::string_view piece = pattern.substr(0, slash);
    if (i == segments.size()) return false;
    if (piece.starts_with('{')) {
      if (segments[i].empty()) return false;
      params.push_back(segments[i]);
    } else if (piece != segments[i]) {
      return false;
    }
    ++i;
    pattern.remove_prefix(slash == pattern.npos ? pattern.size() : slash);
  }
  return i == segments.size();
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

Match match(std::span<const Route> table, std::string_view method,
            const std::vector<std::string>& segments) {
  Match found;
  std::vector<std::string> params;
  for (const Route& route : table) {
    if (!matches(route.pattern, segments, params)) continue;
    if (!found.allowed.empty()) found.allowed += ", ";
    found.allowed += route.method;
    if (route.method == "GET") found.allowed += ", HEAD";
    if (route.method == method) {
      found.route = &route;
      found.params = params;
    }
  }
  return found;
}

}  // namespace cad::http
