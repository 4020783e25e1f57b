// SPDX-License-Identifier: Apache-2.0
#include "app/worker_node.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "app/stop_times.hpp"
#include "logging/quoted.hpp"

namespace cad::app {
namespace {

constexpr std::size_t kMostSpares = 8;  // some 20 MB each

jobs::RunnerOptions runner_options(const Config& config) {
  jobs::RunnerOptions options;
  options.threads = workers_of(config) + 1;  // one account holds all but one
  options.lease = std::chrono::seconds(config.lease_seconds);
  options.renew_every = options.lease / 6;
  options.memory_bytes = config.node_memory;
  options.last_writes = kLastWrite;
  options.grace = std::chrono::seconds(config.finish_seconds);
  options.image_px = config.preview_px;
  options.limits.memory_bytes = config.job_memory;
  options.limits.cpu = std::chrono::seconds(config.job_cpu_seconds);
  options.limits.wall = std::chrono::seconds(config.job_wall_seconds);
  return options;
}

sandbox::Spares::OnStart counted(metrics::Metrics* metrics) {
  if (metrics == nullptr) return nullptr;
  return [jobs = &metrics->jobs](bool ahead, bool good, auto taken) {
    jobs->worker_started(ahead, good, taken);
  };
}

}  // namespace

Result<Walls> put_up_walls(const Config& config, spdlog::logger& log) {
  Walls walls;
  walls.worker = config.worker.empty() ? sandbox::default_worker_path() : config.worker;
  if (::access(walls.worker.c_str(), X_OK) != 0)
    return fail(ErrorCode::unavailable, "The worker program " + walls.worker + " is missing.");
  CAD_ASSIGN(walls.isolation, sandbox::test_isolation(walls.worker));
  log.info("event=isolation layers={}", logging::quoted(sandbox::to_line(walls.isolation)));
  for (const std::string_view layer : sandbox::missing_layers(walls.isolation))
    log.warn("event=isolation_layer_missing layer={}", layer);
  CAD_TRY(sandbox::check_minimum(walls.isolation));
  walls.groups = sandbox::WorkerGroups::find();
  log.info("event=control_groups around_workers={}", walls.groups.has_value());
  return walls;
}

std::size_t workers_of(const Config& config) {
  return config.workers > 0 ? config.workers : std::max(1u, std::thread::hardware_concurrency());
}

WorkerNode::WorkerNode(const jobs::Services& services, const Config& config, Walls walls)
    : spares_(walls.worker, runner_options(config).limits,
              std::min(workers_of(config), kMostSpares), std::move(walls.groups),
              counted(services.metrics), config.preview_px),
      runners_(
          services, runner_options(config),
          [this](const auto& request, const auto& drawing, const auto& callbacks,
                 const auto& cancel) { return spares_.run(request, drawing, callbacks, cancel); }) {
}

}  // namespace cad::app
