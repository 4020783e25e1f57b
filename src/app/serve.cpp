// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <signal.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "app/data_dir.hpp"
#include "app/owner.hpp"
#include "auth/authenticator.hpp"
#include "http/dispatch.hpp"
#include "http/server/server.hpp"
#include "jobs/remove.hpp"
#include "jobs/run.hpp"
#include "sandbox/isolation.hpp"

namespace cad::app {
namespace {

constexpr std::chrono::seconds kGrace{10};
constexpr std::chrono::minutes kSweepEvery{10};

store::UnixMs system_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::shared_ptr<spdlog::logger> make_log() {
  auto log = std::make_shared<spdlog::logger>("cadlens",
                                              std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc));
  log->flush_on(spdlog::level::info);
  return log;
}

// Removes what is over its age, and what no job owns, now and then.
class Sweeper {
 public:
  Sweeper(const jobs::Services& services, std::function<void(const std::string&)> cancel)
      : services_(services), cancel_(std::move(cancel)), thread_([this] { run(); }) {}
  ~Sweeper() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    stop_.notify_all();
    thread_.join();
  }
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, kSweepEvery, [this] { return stopping_; })) {
      lock.unlock();
      report("expired", jobs::sweep_expired(services_, cancel_));
      report("orphans", jobs::sweep_orphans(services_));
      lock.lock();
    }
  }
  void report(std::string_view what, const Result<jobs::Swept>& swept) {
    if (!swept) {
      services_.log.error("event=sweep_failed what={} reason=\"{}\"", what, swept.error().message);
    } else if (swept->jobs + swept->objects + swept->tokens > 0) {
      services_.log.info("event=swept what={} jobs={} objects={} tokens={}", what, swept->jobs,
                         swept->objects, swept->tokens);
    }
  }

  const jobs::Services& services_;
  std::function<void(const std::string&)> cancel_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

jobs::Settings settings_of(const Config& config) {
  jobs::Settings settings;
  settings.max_upload_bytes = config.max_upload_bytes;
  settings.retention = std::chrono::hours(config.retention_hours);
  settings.max_waiting = config.max_waiting_jobs;
  settings.max_uploads = config.max_uploads;
  settings.public_url = config.public_url;
  while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
  return settings;
}

// From here on the process keeps to itself: what it creates is nobody else's to read, signals come
// to wait_for_signal() only, and a broken pipe is an error value.
sigset_t settle_process() {
  ::umask(0077);
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// A key that went to a file is not printed, too: standard output often ends in a log.
void announce(const Address& address, std::uint16_t port, const std::optional<std::string>& key,
              const std::string& key_file) {
  const bool six = address.host.find(':') != std::string::npos;
  if (key && key_file.empty()) std::printf("API key (shown only now): %s\n", key->c_str());
  if (key && !key_file.empty())
    std::printf("API key written to %s (it is shown nowhere else)\n", key_file.c_str());
  std::printf("CADLens listens on http://%s%s%s:%u\n", six ? "[" : "", address.host.c_str(),
              six ? "]" : "", static_cast<unsigned>(port));
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

Result<void> run(const Config& config, const Address& address, const DataDir& data,
                 const sigset_t& signals) {
  const auto log = make_log();
  const std::string worker = config.worker.empty() ? sandbox::default_worker_path() : config.worker;
  CAD_ASSIGN(const sandbox::Isolation isolation, check_isolation(worker, *log));
  CAD_ASSIGN(const blobs::MasterKey master, blobs::load_master_key(data.file("")));
  CAD_ASSIGN(const auto blobs, blobs::open_local_store(data.file("blobs"), master));
  CAD_ASSIGN(const auto database, store::open_sqlite(data.file("cadlens.db")));
  CAD_TRY(store::migrate(*database, system_now()));
  CAD_ASSIGN(const auto signing_key, auth::load_or_make_key(data.file("signing.key")));
  CAD_ASSIGN(const auto owner_key, ensure_owner(*database, config.owner_key_file, system_now()));

  const auth::UrlSigner signer(signing_key);
  const std::size_t workers =
      config.workers > 0 ? config.workers : std::max(1u, std::thread::hardware_concurrency());
  const auto queue = queue::make_database_queue(*database, workers);
  jobs::EventHub events;
  jobs::InFlight in_flight;
  const jobs::Services services{
      *database, *blobs, *queue, events, in_flight, signer, *log, system_now, settings_of(config)};
  CAD_TRY(recover(services, data.file("blobs")));

  jobs::Runners runners(services, runner_options(config, workers),
                        [worker](const auto& request, const auto& drawing, const auto& callbacks,
                                 const auto& cancel) {
                          return sandbox::run_worker(worker, request, drawing, callbacks, cancel);
                        });
  const auto cancel = [&runners](const std::string& id) { runners.cancel(id); };

  auth::Authenticator authenticator(*database, system_now);
  http::Api api{services, authenticator, cancel, isolation};
  http::ServerOptions server_options;
  server_options.address = address.host;
  server_options.port = address.port;
  const auto server = http::make_server(server_options, http::make_handler(api));
  runners.start();
  CAD_TRY(server->start());
  const Sweeper sweeper(services, cancel);
  announce(address, server->port(), owner_key, config.owner_key_file);

  int received = 0;
  ::sigwait(&signals, &received);
  log->info("event=stopping signal={}", received);
  server->stop(kGrace);
  runners.stop();
  return {};
}

}  // namespace

Result<void> serve(const Config& config) {
  CAD_ASSIGN(const Address address, check(config));
  const sigset_t signals = settle_process();
  CAD_ASSIGN(const DataDir data, DataDir::open(config.data));
  return run(config, address, data, signals);
}

}  // namespace cad::app
