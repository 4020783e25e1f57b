// SPDX-License-Identifier: Apache-2.0
// The half of the service that people speak with: the API, accounts, what tells others, and the
// sweeping. Of many such nodes each does all of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/account_services.hpp"
#include "app/exposure_mail.hpp"
#include "app/notifications.hpp"
#include "app/sign_in.hpp"
#include "app/sweeper.hpp"
#include "app/transport.hpp"
#include "app/upkeep.hpp"
#include "app/worker_node.hpp"
#include "health/probe.hpp"
#include "http/call.hpp"
#include "rate/limiter.hpp"

namespace cad::app {

// What it works with; all but `transport` must outlive it.
struct ApiParts {
  const jobs::Services& services;
  const Config& config;
  Keys& keys;
  audit::Log& audit;
  rate::Limiter& limiter;
  Transport transport;
  std::optional<sandbox::Isolation> isolation;  // see http::Api
  bool control_groups;
  NodeDuties duties;
  health::Probe::Check ask_redis;  // none: there is no Redis
  SweepLeftovers sweep_leftovers;
  std::string image_origin;  // see http::Api
};

class ApiNode {
 public:
  static Result<std::unique_ptr<ApiNode>> make(ApiParts parts);
  ~ApiNode();

  // Serves from now on. UNAVAILABLE: the address is taken.
  Result<void> start();
  // The first API key, if one was made, where the owner's link is, if one is wanted, and where the
  // API is, on standard output.
  void announce(const std::optional<std::string>& first_key) const;
  // From now on /ready says no and every connection ends with its answer.
  void drain();
  // Running requests get a grace to end.
  void stop();

 private:
  ApiNode(const jobs::Services& services, const Config& config, audit::Log& audit);
  std::string base_url() const;
  std::string browser_url() const;
  void offer_link() const;

  const jobs::Services& services_;
  const Config& config_;
  audit::Log& audit_;
  NodeDuties duties_;
  SweepLeftovers sweep_leftovers_;
  http::ServerOptions options_;
  OtherSignIn other_;
  std::unique_ptr<Notifications> notifications_;
  std::unique_ptr<AccountServices> people_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<ExposureMail> exposures_;
  std::unique_ptr<http::Api> api_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Sweeper> sweeper_;
  std::unique_ptr<Upkeep> upkeep_;
};

}  // namespace cad::app
