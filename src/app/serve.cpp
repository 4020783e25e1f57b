// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <signal.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "app/account_services.hpp"
#include "app/backends.hpp"
#include "app/clock.hpp"
#include "app/data_dir.hpp"
#include "app/exposure_mail.hpp"
#include "app/keys.hpp"
#include "app/notifications.hpp"
#include "app/owner.hpp"
#include "app/sign_in.hpp"
#include "app/sweeper.hpp"
#include "app/transport.hpp"
#include "app/upkeep.hpp"
#include "auth/authenticator.hpp"
#include "http/dispatch.hpp"
#include "http/server/server.hpp"
#include "jobs/remove.hpp"
#include "jobs/run.hpp"
#include "plans/plans.hpp"
#include "rate/limiter.hpp"
#include "sandbox/isolation.hpp"
#include "sandbox/spares.hpp"
#include "secrets/environment.hpp"

namespace cad::app {
namespace {

constexpr std::chrono::seconds kGrace{10};
constexpr std::size_t kRateBuckets = 1u << 18;  // 4 MB
constexpr std::size_t kMostSpares = 8;          // some 20 MB each

std::shared_ptr<spdlog::logger> make_log() {
  auto log = std::make_shared<spdlog::logger>("cadlens",
                                              std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc));
  log->flush_on(spdlog::level::info);
  return log;
}

jobs::Settings settings_of(const Config& config) {
  jobs::Settings settings;
  settings.max_upload_bytes = config.max_upload_bytes;
  settings.retention = std::chrono::hours(config.retention_hours);
  settings.upload_retention = std::chrono::hours(config.upload_retention_hours);
  settings.max_waiting = config.max_waiting_jobs;
  settings.max_uploads = config.max_uploads;
  settings.public_url = config.public_url;
  settings.security_contacts = config.security_contacts;
  while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
  return settings;
}

// From here on the process keeps to itself: what it creates is nobody else's to read, signals come
// to wait_for_signal() only, and a broken pipe is an error value.
sigset_t settle_process() {
  secrets::harden_process();
  ::umask(0077);
  ::signal(SIGPIPE, SIG_IGN);
  // A connection is a descriptor: the soft limit of 1024 is for programs that use select().
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &files);
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

std::string url_of(std::string_view scheme, const std::string& host, std::uint16_t port) {
  const bool six = host.find(':') != std::string::npos;
  return std::string(scheme) + (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

// Of links when no public URL is configured: nobody can follow one to a Unix socket.
std::string base_of(const http::ServerOptions& options, const http::Server& server) {
  if (!options.unix_path.empty()) return "http://localhost";
  return url_of(options.tls ? "https://" : "http://", options.address, server.port());
}

// Of links in mails: with a Host that somebody sends, a mail of ours would lead to their site.
std::string link_base(const jobs::Settings& settings, const http::ServerOptions& options) {
  if (!settings.public_url.empty()) return settings.public_url;
  if (!options.unix_path.empty()) return "http://localhost";
  return url_of(options.tls ? "https://" : "http://", options.address, options.port);
}

// A key that went to a file is not printed, too: standard output often ends in a log.
void announce(const http::ServerOptions& options, const http::Server& server,
              const std::optional<std::string>& key, const std::string& key_file) {
  if (key && key_file.empty()) std::printf("API key (shown only now): %s\n", key->c_str());
  if (key && !key_file.empty())
    std::printf("API key written to %s (it is shown nowhere else)\n", key_file.c_str());
  const std::string base =
      options.unix_path.empty() ? base_of(options, server) : "unix:" + options.unix_path;
  std::printf("CADLens listens on %s\n", base.c_str());
  if (options.redirect_address)
    std::printf("CADLens points to https from %s\n",
                url_of("http://", *options.redirect_address, server.redirect_port()).c_str());
  std::fflush(stdout);
}

// What a crash may have left: jobs that were running, half-written objects, objects without a job.
Result<void> recover(const jobs::Services& services, const std::string& blobs_dir) {
  CAD_ASSIGN(const std::int64_t again, services.queue.reclaim_all(services.clock()));
  CAD_ASSIGN(const std::size_t halves, blobs::sweep_leftovers(blobs_dir));
  CAD_ASSIGN(const jobs::Swept orphans, jobs::sweep_orphans(services));
  CAD_ASSIGN(const jobs::Swept expired, jobs::sweep_expired(services, {}));
  services.log.info("event=recovered jobs={} leftovers={} orphans={} expired={}", again, halves,
                    orphans.objects, expired.jobs);
  return {};
}

// What goes on about connections beside the requests.
void set_hooks(Transport& transport, spdlog::logger& log) {
  transport.server.on_tls_reload = [&log](const Result<bool>& reloaded) {
    if (reloaded) {
      log.info("event=tls_reloaded");
    } else {
      log.error("event=tls_reload_failed reason=\"{}\"", reloaded.error().message);
    }
  };
}

// The walls that the worker can put up here; UNAVAILABLE when they are too few to serve.
Result<sandbox::Isolation> check_isolation(const std::string& worker, spdlog::logger& log) {
  if (::access(worker.c_str(), X_OK) != 0)
    return fail(ErrorCode::unavailable, "The worker program " + worker + " is missing.");
  CAD_ASSIGN(const sandbox::Isolation isolation, sandbox::test_isolation(worker));
  log.info("event=isolation layers=\"{}\"", sandbox::to_line(isolation));
  for (const std::string_view layer : sandbox::missing_layers(isolation))
    log.warn("event=isolation_layer_missing layer={}", layer);
  CAD_TRY(sandbox::check_minimum(isolation));
  return isolation;
}

jobs::RunnerOptions runner_options(const Config& config, std::size_t workers) {
  jobs::RunnerOptions options;
  options.threads = workers + 1;  // one account holds all but one
  options.limits.memory_bytes = config.job_memory;
  options.limits.cpu = std::chrono::seconds(config.job_cpu_seconds);
  options.limits.wall = std::chrono::seconds(config.job_wall_seconds);
  return options;
}

Result<void> run(const Config& config, Transport transport, const DataDir& data,
                 std::shared_ptr<const plans::Plans> plans, const sigset_t& signals) {
  const auto log = make_log();
  const auto clock = make_clock(config.clock_file);
  set_hooks(transport, *log);
  const std::string worker = config.worker.empty() ? sandbox::default_worker_path() : config.worker;
  CAD_ASSIGN(const sandbox::Isolation isolation, check_isolation(worker, *log));
  auto groups = sandbox::WorkerGroups::find();
  const bool grouped = groups.has_value();
  log->info("event=control_groups around_workers={}", grouped);
  CAD_ASSIGN(Keys keys, take_keys(data));
  if (!keys.locked)
    log->warn(
        "event=key_not_locked what=\"the master key may be swapped out; allow the service to "
        "lock a few pages of memory (LimitMEMLOCK, ulimit -l)\"");
  CAD_ASSIGN(const auto blobs, blobs::open_local_store(data.file("blobs"), keys.master));
  CAD_ASSIGN(const auto database, store::open_sqlite(data.file("cadlens.db")));
  CAD_TRY(store::migrate(*database, clock()));
  audit::Log audit(*database, keys.master, clock, log.get());
  audit.announce();
  CAD_ASSIGN(const auto owner_key, ensure_owner(*database, config.owner_key_file, audit, clock()));
  activity::Recorder feed(*database, clock, *log);

  const auth::UrlSigner signer(keys.signing);
  const std::size_t workers =
      config.workers > 0 ? config.workers : std::max(1u, std::thread::hardware_concurrency());
  const auto queue = queue::make_database_queue(*database, workers);
  jobs::EventHub events;
  jobs::InFlight in_flight;
  const jobs::Services services{*database,           *blobs,           *queue, events,
                                in_flight,           signer,           *log,   clock,
                                settings_of(config), std::move(plans), &feed};
  CAD_TRY(recover(services, data.file("blobs")));
  CAD_ASSIGN(const OtherSignIn other, make_other_sign_in(config.oauth, keys, *database, clock));
  CAD_ASSIGN(const auto notifications, Notifications::make(services, config, keys));

  const jobs::RunnerOptions jobs_at_once = runner_options(config, workers);
  sandbox::Spares spares(worker, jobs_at_once.limits, std::min(workers, kMostSpares),
                         std::move(groups));
  jobs::Runners runners(
      services, jobs_at_once,
      [&spares](const auto& request, const auto& drawing, const auto& callbacks,
                const auto& cancel) { return spares.run(request, drawing, callbacks, cancel); });
  const auto cancel = [&runners](const std::string& id) { runners.cancel(id); };

  CAD_ASSIGN(const auto people,
             AccountServices::make(services, config, keys, notifications->mailer(), audit));
  auth::Authenticator authenticator(*database, people->tokens(), clock);
  const auto limiter = rate::make_memory_limiter(kRateBuckets, rate::monotonic_us);
  http::Api api{services,
                authenticator,
                people->accounts(),
                people->hashing(),
                people->webhook_secrets(),
                *limiter,
                config.rates,
                cancel,
                isolation,
                grouped};
  api.link_base = link_base(services.settings, transport.server);
  api.webhook_policy = notifications->policy();
  api.sign_in = other.sign_in.get();
  api.oauth_callback_url = config.oauth.callback_url;
  ExposureMail exposures(notifications->owner_mail(), *log);
  transport.policy.notify = [&exposures](const http::Exposure& exposure) {
    exposures.tell(exposure);
  };
  const auto server = http::make_server(
      transport.server,
      http::guard_transport(std::move(transport.policy), *log, http::make_handler(api)));
  runners.start();
  CAD_TRY(server->start());
  notifications->start(base_of(transport.server, *server));
  const SweepTimes times = sweep_times(config);
  const Sweeper sweeper(services, cancel, times);
  const Upkeep upkeep(services, audit, teller(people->accounts(), notifications->owner_mail()),
                      times.upkeep);
  announce(transport.server, *server, owner_key, config.owner_key_file);

  int received = 0;
  ::sigwait(&signals, &received);
  log->info("event=stopping signal={}", received);
  server->stop(kGrace);
  people->hashing().stop();  // what nobody waits for any more
  runners.stop();
  notifications->stop();
  return {};
}

}  // namespace

Result<void> serve(const Config& config) {
  CAD_TRY(check(config));
  CAD_TRY(check_backends());
  CAD_ASSIGN(Transport transport, transport_of(config));
  if (transport.server.tls) CAD_TRY(http::check_tls(*transport.server.tls));
  CAD_ASSIGN(auto plans, plans::load(config.plans_file));
  const sigset_t signals = settle_process();
  CAD_ASSIGN(const DataDir data, DataDir::open(config.data));
  return run(config, std::move(transport), data, std::move(plans), signals);
}

}  // namespace cad::app
