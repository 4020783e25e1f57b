// SPDX-License-Identifier: Apache-2.0
#include "app/api_node.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>

#include "app/owner.hpp"
#include "app/stop_times.hpp"
#include "http/dispatch.hpp"
#include "http/readiness.hpp"
#include "logging/quoted.hpp"
#include "store/duties.hpp"

namespace cad::app {
namespace {

std::string url_of(std::string_view scheme, const std::string& host, std::uint16_t port) {
  const bool six = host.find(':') != std::string::npos;
  return std::string(scheme) + (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

// Of links in mails: with a Host that somebody sends, a mail of ours would lead to their site.
std::string link_base(const jobs::Settings& settings, const http::ServerOptions& options) {
  if (!settings.public_url.empty()) return settings.public_url;
  if (!options.unix_path.empty()) return "http://localhost";
  return url_of(options.tls ? "https://" : "http://", options.address, options.port);
}

// What goes on about connections beside the requests.
void set_hooks(http::ServerOptions& options, spdlog::logger& log) {
  options.on_tls_reload = [&log](const Result<bool>& reloaded) {
    if (reloaded) {
      log.info("event=tls_reloaded");
    } else {
      log.error("event=tls_reload_failed reason={}", logging::quoted(reloaded.error().message));
    }
  };
}

}  // namespace

ApiNode::ApiNode(const jobs::Services& services, const Config& config, audit::Log& audit)
    : services_(services), config_(config), audit_(audit) {}

ApiNode::~ApiNode() = default;

Result<std::unique_ptr<ApiNode>> ApiNode::make(ApiParts parts) {
  const jobs::Services& services = parts.services;
  std::unique_ptr<ApiNode> node(new ApiNode(services, parts.config, parts.audit));
  node->duties_ = std::move(parts.duties);
  node->sweep_leftovers_ = std::move(parts.sweep_leftovers);
  CAD_ASSIGN(node->other_,
             make_other_sign_in(parts.config.oauth, parts.keys, services.database, services.clock));
  CAD_ASSIGN(node->notifications_, Notifications::make(services, parts.config, parts.keys));
  CAD_ASSIGN(node->people_, AccountServices::make(services, parts.config, parts.keys,
                                                  node->notifications_->mailer(), parts.audit));
  AccountServices& people = *node->people_;
  node->authenticator_ =
      std::make_unique<auth::Authenticator>(services.database, people.tokens(), services.clock);
  node->api_.reset(new http::Api{services, *node->authenticator_, people.accounts(),
                                 people.hashing(), people.webhook_secrets(), parts.limiter,
                                 parts.config.rates, parts.isolation, parts.control_groups});
  http::Api& api = *node->api_;
  api.link_base = link_base(services.settings, parts.transport.server);
  api.webhook_policy = node->notifications_->policy();
  api.image_origin = std::move(parts.image_origin);
  api.sign_in = node->other_.sign_in.get();
  api.oauth_callback_url = parts.config.oauth.callback_url;
  node->exposures_ =
      std::make_unique<ExposureMail>(node->notifications_->owner_mail(), services.log);
  http::TransportPolicy& policy = parts.transport.policy;
  policy.notify = [&exposures = *node->exposures_](const http::Exposure& exposure) {
    exposures.tell(exposure);
  };
  set_hooks(parts.transport.server, services.log);
  node->options_ = parts.transport.server;
  http::Handler handler = http::make_handler(api);
  if (parts.ask_redis)
    api.readiness.add("redis", health::Readiness::Weight::helpful,
                      http::watched(services, "redis", std::move(parts.ask_redis)));
  node->server_ =
      http::make_server(std::move(parts.transport.server),
                        http::guard_transport(std::move(policy), services.log, std::move(handler)));
  return node;
}

Result<void> ApiNode::start() {
  CAD_TRY(server_->start());
  notifications_->start(base_url());
  const SweepTimes times = sweep_times(config_);
  sweeper_ = std::make_unique<Sweeper>(services_, duties_, times, sweep_leftovers_);
  upkeep_ = std::make_unique<Upkeep>(services_, audit_,
                                     teller(people_->accounts(), notifications_->owner_mail()),
                                     duties_, times.upkeep);
  return {};
}

// Of links when no public URL is configured: nobody can follow one to a Unix socket.
std::string ApiNode::base_url() const {
  if (!options_.unix_path.empty()) return "http://localhost";
  return url_of(options_.tls ? "https://" : "http://", options_.address, server_->port());
}

// For a browser on this machine, which keeps secure cookies of http on localhost alone.
std::string ApiNode::browser_url() const {
  if (!services_.settings.public_url.empty()) return services_.settings.public_url;
  const auto listen = parse_address(config_.listen);
  if (!listen || !listen->loopback) return base_url();
  return url_of(options_.tls ? "https://" : "http://", "localhost", server_->port());
}

// The service is of use without it, and `cadlens admin owner-link` makes another.
void ApiNode::offer_link() const {
  const std::string& file = config_.owner_link_file;
  if (file.empty()) return;
  const auto offered =
      offer_owner_link(services_.database, file, browser_url(), audit_, services_.clock());
  if (!offered)
    services_.log.error("event=owner_link_failed reason={}",
                        logging::quoted(offered.error().message));
  if (offered && *offered)
    std::printf("The owner's sign-in link is in %s (it works once, for half an hour)\n",
                file.c_str());
}

// A key that went to a file is not printed, too: standard output often ends in a log.
void ApiNode::announce(const std::optional<std::string>& first_key) const {
  const std::string& file = config_.owner_key_file;
  if (first_key && file.empty()) std::printf("API key (shown only now): %s\n", first_key->c_str());
  if (first_key && !file.empty())
    std::printf("API key written to %s (it is shown nowhere else)\n", file.c_str());
  offer_link();
  const std::string base = options_.unix_path.empty() ? base_url() : "unix:" + options_.unix_path;
  std::printf("CADLens listens on %s\n", base.c_str());
  if (options_.redirect_address)
    std::printf("CADLens points to https from %s\n",
                url_of("http://", *options_.redirect_address, server_->redirect_port()).c_str());
  std::fflush(stdout);
}

void ApiNode::drain() {
  api_->draining = true;
  server_->drain();
}

void ApiNode::stop() {
  using namespace std::chrono;
  const auto end = steady_clock::now() + kStopAnswers;
  // They are told first, and come to an end while the others do.
  if (upkeep_) upkeep_->ask_to_stop();
  if (sweeper_) sweeper_->ask_to_stop();
  // Nobody new is to wait for what the others still do.
  server_->stop(kStopAnswers, [this] {
    if (other_.fetcher) other_.fetcher->stop();
  });
  notifications_->stop(std::max(duration_cast<milliseconds>(end - steady_clock::now()), 0ms));
  // Only now, as they may have been sending mail.
  upkeep_.reset();
  sweeper_.reset();
  // A database that kept all that waiting is not asked again: duties pass on by themselves, too.
  if (duties_.shared && steady_clock::now() < end + kStopTransfers + kLastWrite)
    (void)store::DutyRepository(services_.database).leave(duties_.node);
  people_->hashing().stop();  // what nobody waits for any more
}

}  // namespace cad::app
