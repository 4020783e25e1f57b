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
    Route{"GET", "/v1/jobs/{id}/upload", Access::with(Scope::read), Body::none, get_upload},
    Route{"GET", "/v1/jobs/{id}/summary", Access::with(Scope::read), Body::none, get_summary},
    Route{"GET", "/v1/jobs/{id}/result", Access::with(Scope::read), Body::none, get_result},
    Route{"GET", "/v1/jobs/{id}/image", Access::with(Scope::read), Body::none, get_image},
    Route{"GET", "/v1/jobs/{id}/events", Access::with(Scope::read), Body::none, get_events},
    Route{"GET", "/v1/jobs/{id}/entities", Access::with(Scope::read), Body::none, get_entities},
    Route{"GET", "/v1/jobs/{id}/scene", Access::with(Scope::read), Body::none, get_scene},
    Route{"GET", "/v1/auth/options", Access::open(), Body::none, get_auth_options},
    Route{"GET", "/v1/auth/{provider}", Access::open(), Body::none, get_oauth, Toll::costly},
    Route{"GET", "/v1/auth/{provider}/callback", Access::open(), Body::none, get_oauth_callback,
          Toll::costly},
    Route{"POST", "/v1/auth/{provider}/exchange", Access::open(), Body::json, post_oauth_exchange,
          Toll::costly},
    Route{"POST", "/v1/auth/{provider}/link", Access::session(), Body::json, post_oauth_link,
          Toll::costly},
    Route{"DELETE", "/v1/auth/{provider}/link", Access::session(), Body::none, delete_oauth_link},
    Route{"POST", "/v1/auth/register", Access::open(), Body::json, post_register, Toll::costly},
    Route{"POST", "/v1/auth/verify-email", Access::open(), Body::json, post_verify_email,
          Toll::costly},
    Route{"POST", "/v1/auth/login", Access::open(), Body::json, post_login, Toll::costly},
    Route{"POST", "/v1/auth/one-time", Access::open(), Body::json, post_one_time, Toll::costly},
    Route{"POST", "/v1/auth/set-up", Access::session(), Body::json, post_set_up, Toll::costly},
    Route{"POST", "/v1/auth/refresh", Access::open(), Body::json, post_refresh},
    Route{"POST", "/v1/auth/logout", Access::session(), Body::json, post_logout},
    Route{"POST", "/v1/auth/forgot-password", Access::open(), Body::json, post_forgot_password,
          Toll::costly},
    Route{"POST", "/v1/auth/reset-password", Access::open(), Body::json, post_reset_password,
          Toll::costly},
    Route{"POST", "/v1/auth/change-password", Access::session(), Body::json, post_change_password,
          Toll::costly},
    Route{"POST", "/v1/auth/change-email", Access::session(), Body::json, post_change_email,
          Toll::costly},
    Route{"POST", "/v1/auth/confirm-email", Access::open(), Body::json, post_confirm_email,
          Toll::costly},
    Route{"GET", "/v1/auth/me", Access::session(), Body::none, get_me},
    Route{"GET", "/v1/auth/sessions", Access::session(), Body::none, get_sessions},
    Route{"DELETE", "/v1/auth/sessions", Access::session(), Body::none, delete_other_sessions},
    Route{"DELETE", "/v1/auth/sessions/{id}", Access::session(), Body::none, delete_session},
    Route{"GET", "/v1/me/profile", Access::session(), Body::none, get_profile},
    Route{"PUT", "/v1/me/profile", Access::session(), Body::json, put_profile},
    Route{"DELETE", "/v1/me/account", Access::session(), Body::none, delete_account},
    Route{"GET", "/v1/keys", Access::session(), Body::none, get_keys},
    Route{"POST", "/v1/keys", Access::session(), Body::json, post_keys, Toll::costly},
    Route{"DELETE", "/v1/keys/{id}", Access::session(), Body::none, delete_key},
    Route{"POST", "/v1/keys/{id}/rotate", Access::session(), Body::json, post_rotate_key,
          Toll::costly},
    Route{"GET", "/v1/me/webhooks", Access::with(Scope::webhooks), Body::none, get_webhooks},
    Route{"POST", "/v1/me/webhooks", Access::with(Scope::webhooks), Body::json, post_webhooks},
    Route{"PATCH", "/v1/me/webhooks/{id}", Access::with(Scope::webhooks), Body::json,
          patch_webhook},
    Route{"DELETE", "/v1/me/webhooks/{id}", Access::with(Scope::webhooks), Body::none,
          delete_webhook},
    Route{"GET", "/v1/me/webhooks/secret", Access::with(Scope::webhooks), Body::none,
          get_webhook_secret},
    Route{"POST", "/v1/me/webhooks/secret", Access::with(Scope::webhooks), Body::json,
          post_webhook_secret},
    Route{"POST", "/v1/me/webhooks/{id}/secret", Access::with(Scope::webhooks), Body::json,
          post_endpoint_secret},
    Route{"POST", "/v1/me/webhooks/{id}/test", Access::with(Scope::webhooks), Body::json,
          post_webhook_test, Toll::costly},
    Route{"GET", "/v1/me/webhooks/deliveries", Access::with(Scope::webhooks), Body::none,
          get_deliveries},
    Route{"GET", "/v1/me/webhooks/deliveries/{id}", Access::with(Scope::webhooks), Body::none,
          get_delivery},
    Route{"POST", "/v1/me/webhooks/deliveries/{id}/resend", Access::with(Scope::webhooks),
          Body::json, post_resend, Toll::costly},
    Route{"GET", "/.well-known/jwks.json", Access::open(), Body::none, get_jwks},
    Route{"GET", "/v1/me/usage", Access::with(Scope::usage), Body::none, get_usage},
    Route{"GET", "/v1/me/logs", Access::with(Scope::usage), Body::none, get_logs},
    Route{"POST", "/v1/contact", Access::open(), Body::json, post_contact, Toll::costly},
    Route{"POST", "/v1/waitlist", Access::open(), Body::json, post_waitlist, Toll::costly},
    Route{"GET", "/v1/pricing", Access::open(), Body::none, get_pricing},
    Route{"GET", "/v1/formats", Access::open(), Body::none, get_formats},
    // The signature in the URL is the permission.
    Route{"GET", "/v1/previews/{id}/{file}", Access::open(), Body::none, get_preview},
    Route{"GET", "/.well-known/security.txt", Access::open(), Body::none, get_security_txt},
    Route{"GET", "/live", Access::open(), Body::none, get_live, Toll::none},
    Route{"GET", "/health", Access::open(), Body::none, get_health, Toll::none},
    Route{"GET", "/ready", Access::open(), Body::none, get_ready, Toll::none},
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
    if (found.allowed.find(route.method) == std::string::npos) {
      if (!found.allowed.empty()) found.allowed += ", ";
      found.allowed += route.method;
      if (route.method == "GET") found.allowed += ", HEAD";
    }
    // The most literal one: "/v1/auth/me" is no provider.
    if (route.method == method && (!found.route || params.size() < found.params.size())) {
      found.route = &route;
      found.params = params;
    }
  }
  return found;
}

}  // namespace cad::http
