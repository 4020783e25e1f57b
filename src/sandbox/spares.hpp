// SPDX-License-Identifier: Apache-2.0
// Workers started ahead of their jobs: each has closed itself in and waits for its one drawing, so
// that a job does not wait for the start of a process. None serves a second job.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sandbox/spawn.hpp"
#include "sandbox/worker_client.hpp"
#include "sandbox/zygote.hpp"

namespace cad::sandbox {

class Spares {
 public:
  // `limits`: those of nearly all jobs. `most`: how many wait at a time; 0: every job starts its
  // own. `image_px`: of the previews of nearly all jobs.
  // `on_start`: told of every start of a process, ahead of its job or for one that waits; quick,
  // any thread.
  using OnStart =
      std::function<void(bool ahead, bool good, std::chrono::steady_clock::duration taken)>;
  Spares(std::string worker_path, const WorkerLimits& limits, std::size_t most,
         std::optional<WorkerGroups> groups = std::nullopt, OnStart on_start = nullptr,
         std::uint32_t image_px = 0);
  // Ends those that wait. No run() may be under way.
  ~Spares();
  Spares(const Spares&) = delete;
  Spares& operator=(const Spares&) = delete;

  // As run_worker(), in a spare where there is one for the request's limits.
  WorkerReport run(const WorkerRequest& request, const ByteSource& drawing,
                   const WorkerCallbacks& callbacks, const std::atomic<bool>& cancel);

  std::size_t waiting() const;

 private:
  void keep_up();
  Result<Child> take(const WorkerLimits& limits);
  Result<Child> start(const StartRequest& request, bool ahead);
  Result<Child> start_in_group(const StartRequest& request);

  const StartRequest usual_;
  const std::size_t most_;
  const std::optional<WorkerGroups> groups_;
  const OnStart on_start_;
  mutable std::mutex mutex_;
  std::condition_variable wanted_;
  std::vector<Child> waiting_;
  bool stopping_ = false;
  bool rests_ = false;  // until one is taken: else it looks by itself
  Zygote zygote_;
  std::thread starter_;
};

}  // namespace cad::sandbox
