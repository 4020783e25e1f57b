// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <signal.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>

#include "app/api_node.hpp"
#include "app/backends.hpp"
#include "app/clock.hpp"
#include "app/data_dir.hpp"
#include "app/keys.hpp"
#include "app/owner.hpp"
#include "app/transport.hpp"
#include "app/worker_node.hpp"
#include "jobs/remove.hpp"
#include "plans/plans.hpp"
#include "rate/limiter.hpp"
#include "secrets/environment.hpp"

namespace cad::app {
namespace {

constexpr std::size_t kRateBuckets = 1u << 18;  // 4 MB

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

Result<void> run(const Config& config, Transport transport, const DataDir& data,
                 std::shared_ptr<const plans::Plans> plans, const sigset_t& signals) {
  const auto log = make_log();
  const auto clock = make_clock(config.clock_file);
  CAD_ASSIGN(Walls walls, put_up_walls(config, *log));
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
  const auto queue = queue::make_database_queue(*database, workers_of(config));
  const auto limiter = rate::make_memory_limiter(kRateBuckets, rate::monotonic_us);
  jobs::EventHub events;
  jobs::InFlight in_flight;
  const jobs::Services services{*database,           *blobs,           *queue, events,
                                in_flight,           signer,           *log,   clock,
                                settings_of(config), std::move(plans), &feed};
  CAD_TRY(recover(services, data.file("blobs")));
  const sandbox::Isolation isolation = walls.isolation;
  const bool grouped = walls.groups.has_value();
  WorkerNode worker(services, config, std::move(walls));
  CAD_ASSIGN(
      const auto api,
      ApiNode::make({services, config, keys, audit, *limiter, std::move(transport),
                     [&worker](const std::string& id) { worker.cancel(id); }, isolation, grouped}));
  worker.start();
  CAD_TRY(api->start());
  api->announce(owner_key);

  int received = 0;
  ::sigwait(&signals, &received);
  log->info("event=stopping signal={} drain_seconds={}", received, config.drain_seconds);
  api->drain();
  const timespec drain{config.drain_seconds, 0};
  (void)::sigtimedwait(&signals, nullptr, &drain);  // a second signal does not wait
  api->stop();
  worker.stop();
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
