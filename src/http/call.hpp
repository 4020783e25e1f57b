// SPDX-License-Identifier: Apache-2.0
// What an endpoint gets.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accounts/services.hpp"
#include "auth/authenticator.hpp"
#include "health/probe.hpp"
#include "http/api_error.hpp"
#include "http/message.hpp"
#include "jobs/quota.hpp"
#include "jobs/services.hpp"
#include "oauth/flow.hpp"
#include "passwords/hash_pool.hpp"
#include "rate/limiter.hpp"
#include "sandbox/isolation.hpp"
#include "trace/context.hpp"
#include "web/site.hpp"
#include "webhooks/guard.hpp"
#include "webhooks/secrets.hpp"

namespace cad::http {

// Lives as long as the server.
struct Api {
  const jobs::Services& services;
  auth::Authenticator& authenticator;
  const accounts::Accounts& accounts;
  passwords::HashPool& hashing;
  const webhooks::SecretBox& webhook_secrets;
  rate::Limiter& limiter;
  rate::Rules rates;
  // What stands between a drawing and this machine; none: this node parses none.
  std::optional<sandbox::Isolation> isolation;
  bool control_groups = false;  // around each worker, too
  std::atomic<int> uploads = 0;
  std::string link_base = {};            // of links in mails: never what a request says of itself
  webhooks::Policy webhook_policy = {};  // where a job may have its events sent
  oauth::SignIn* sign_in = nullptr;      // by other services; null: none is configured
  std::string oauth_callback_url = {};   // see oauth::Settings
  const web::Site& site = web::built_in();
  std::string image_origin = {};  // of links to previews that lead elsewhere

  health::Readiness readiness = {};    // what the service stands on; make_handler() adds to it
  std::atomic<bool> draining = false;  // no new work, please: said by GET /ready

  // Of the account, or the installation's default.
  std::string plan_name(const store::AccountState& account) const;
};

struct Call {
  Request& request;
  Api& api;
  auth::Principal principal;        // empty on open routes
  std::vector<std::string> params;  // what the pattern's {..} matched
  std::string request_id;
  trace::Context trace;
  std::string_view pattern = {};  // of the route
  bool is_cheap = false;          // see Toll::none
  rate::Verdict rate = {};        // what the limiter said
  jobs::Terms terms = {};         // of an upload

  const jobs::Services& services() const { return api.services; }
  // Of the body of a Body::json route.
  tl::expected<std::string, ApiError> read_body() const;
  // "https://host" as the settings say, else as the client addressed us.
  std::string base_url() const;
};

}  // namespace cad::http
