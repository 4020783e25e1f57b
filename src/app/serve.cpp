// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <malloc.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include "app/api_node.hpp"
#include "app/backends.hpp"
#include "app/clock.hpp"
#include "app/coordination.hpp"
#include "app/data_dir.hpp"
#include "app/keys.hpp"
#include "app/metrics_server.hpp"
#include "app/owner.hpp"
#include "app/same_store.hpp"
#include "app/transport.hpp"
#include "app/worker_node.hpp"
#include "crypto/bytes.hpp"
#include "logging/formatter.hpp"
#include "plans/plans.hpp"
#include "secrets/environment.hpp"
#include "store/outbox.hpp"

namespace cad::app {
namespace {

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
  // What is freed is kept for the next job: given back to the system, every page of it would come
  // back by a fault, which were a third of what a small job cost the service.
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
  // What is kept is kept in each arena apart: with one for every thread, memory grew by 20 MB in
  // some ten thousand jobs, of which nothing was in use.
  ::mallopt(M_ARENA_MAX, std::max(2, static_cast<int>(std::thread::hardware_concurrency())));
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

// What a crash may have left that must be over before anything else begins: jobs and deliveries
// that were under way. What it left in the store, the sweeper finds.
Result<void> recover(const jobs::Services& services) {
  CAD_ASSIGN(const std::int64_t again, services.queue.reclaim_all(services.clock()));
  store::OutboxRepository outbox(services.database);
  CAD_TRY(outbox.reclaim_all());
  services.log.info("event=recovered jobs={}", again);
  return {};
}

// Other nodes may speak until the very end: none of it may reach a worker that is gone.
struct Deafened {
  jobs::EventHub& events;
  ~Deafened() { events.on_removed(nullptr); }
};

// Until a signal; after it, for as long as the operator said, as if nothing had happened for who is
// here, while everybody new is sent elsewhere. True: a second signal came, and nothing is waited
// for any more.
bool serve_until_told(const sigset_t& signals, const Config& config, ApiNode* api,
                      spdlog::logger& log) {
  int received = 0;
  ::sigwait(&signals, &received);
  log.info("event=stopping signal={} drain_seconds={}", received, config.drain_seconds);
  if (api == nullptr) return false;
  api->drain();
  const timespec drain{config.drain_seconds, 0};
  return ::sigtimedwait(&signals, nullptr, &drain) > 0;
}

// What runs may end within its grace, which a signal cuts short.
void stop_all(const sigset_t& signals, ApiNode* api, WorkerNode* worker, bool hurry) {
  constexpr timespec kLook{0, 20'000'000};
  std::atomic<bool> stopped = false;
  std::thread stopping([&] {
    if (api != nullptr) api->stop();
    if (worker != nullptr) worker->stop();
    stopped = true;
  });
  while (!stopped) {
    if (hurry && worker != nullptr) worker->hurry();
    hurry = ::sigtimedwait(&signals, nullptr, &kLook) > 0;
  }
  stopping.join();
}

// In the order in which one needs the other: who listens is there before the first job ends. What
// was started is stopped again when the rest cannot be.
Result<void> start_all(MetricsServer& metrics, const jobs::Services& services, ApiNode* api,
                       WorkerNode* worker) {
  auto started = metrics.start(services, worker != nullptr ? &worker->spares() : nullptr);
  if (started && api != nullptr) started = api->start();
  if (!started) {
    metrics.stop();
    return started;
  }
  if (worker != nullptr) worker->start();
  return {};
}

Result<void> run(const Config& config, Transport transport, const BackendUrls& urls,
                 const DataDir& data, std::shared_ptr<const plans::Plans> plans,
                 const sigset_t& signals) {
  CAD_ASSIGN(const auto log_format, logging::parse_log_format(config.log_format));
  const auto log = logging::make_log(log_format);
  const auto clock = make_clock(config.clock_file);
  const bool many = urls.many_nodes();
  std::optional<Walls> walls;
  if (config.role != Role::api) {
    CAD_ASSIGN(walls, put_up_walls(config, *log));
  }
  CAD_ASSIGN(Keys keys, take_keys(data, many ? secrets::Missing::refuse : secrets::Missing::make));
  if (!keys.locked)
    log->warn(
        "event=key_not_locked what=\"the master key may be swapped out; allow the service to "
        "lock a few pages of memory (LimitMEMLOCK, ulimit -l)\"");
  CAD_ASSIGN(const auto objects, open_objects(urls, data.path(), keys.master, log.get()));
  CAD_ASSIGN(const auto plain_database, open_database(urls, data.path()));
  CAD_ASSIGN(const auto metrics, MetricsServer::make(config));
  store::Database& database = metrics->around(*plain_database);
  CAD_TRY(store::migrate(database, clock()));
  if (many) CAD_TRY(check_same_store(database, *objects));
  audit::Log audit(database, keys.master, clock, log.get());
  audit.announce();
  activity::Recorder feed(database, clock, *log);

  const auth::UrlSigner signer(keys.signing);
  jobs::EventHub events;
  jobs::InFlight in_flight;
  CAD_ASSIGN(const auto coordination, Coordination::make(urls, config, database, *log));
  const jobs::Services services{database,
                                metrics->around(*objects),
                                coordination->queue(),
                                events,
                                in_flight,
                                signer,
                                *log,
                                clock,
                                settings_of(config),
                                std::move(plans),
                                &feed,
                                metrics->metrics()};
  if (!many) CAD_TRY(recover(services));
  const auto isolation = walls ? std::optional(walls->isolation) : std::nullopt;
  const bool grouped = walls && walls->groups.has_value();
  std::unique_ptr<WorkerNode> worker;
  if (walls) worker = std::make_unique<WorkerNode>(services, config, std::move(*walls));
  events.on_removed([&worker](const std::string& id) {
    if (worker) worker->cancel(id);
  });
  const Deafened deafened{events};
  coordination->connect(events);
  std::unique_ptr<ApiNode> api;
  std::optional<std::string> first_key;
  if (config.role != Role::worker) {
    CAD_ASSIGN(std::string images, image_origin(urls));
    CAD_ASSIGN(first_key, ensure_owner(database, config.owner_key_file, audit, clock()));
    CAD_ASSIGN(api, ApiNode::make({services,
                                   config,
                                   keys,
                                   audit,
                                   metrics->around(coordination->limiter()),
                                   std::move(transport),
                                   isolation,
                                   grouped,
                                   {"node_" + crypto::random_hex(8), many},
                                   coordination->ask_redis(),
                                   [&objects] { return objects->sweep_leftovers(); },
                                   std::move(images)}));
  }
  CAD_TRY(start_all(*metrics, services, api.get(), worker.get()));
  if (api) {
    api->announce(first_key);
  } else {
    std::puts("CADLens works");
    std::fflush(stdout);
  }
  const bool hurry = serve_until_told(signals, config, api.get(), *log);
  stop_all(signals, api.get(), worker.get(), hurry);
  metrics->stop();
  return {};
}

}  // namespace

Result<void> serve(const Config& config) {
  CAD_TRY(check(config));
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  if (config.role != Role::all && !urls.many_nodes())
    return fail(ErrorCode::invalid_argument,
                "--role=api and --role=worker are for many nodes, which need a common database: "
                "set CADLENS_DATABASE_URL (see docs/cluster.md), or leave --role out.");
  CAD_ASSIGN(Transport transport, transport_of(config));
  if (transport.server.tls) CAD_TRY(http::check_tls(*transport.server.tls));
  CAD_ASSIGN(auto plans, plans::load(config.plans_file));
  const sigset_t signals = settle_process();
  using Use = DataDir::Use;
  CAD_ASSIGN(const DataDir data,
             DataDir::open(config.data, urls.many_nodes() ? Use::with_other_nodes : Use::alone));
  return run(config, std::move(transport), urls, data, std::move(plans), signals);
}

}  // namespace cad::app
