// SPDX-License-Identifier: Apache-2.0
// The half of the service that has drawings parsed: the walls, the waiting workers, the runners.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "app/config.hpp"
#include "jobs/run.hpp"
#include "sandbox/isolation.hpp"
#include "sandbox/spares.hpp"

namespace cad::app {

// What stands between a drawing and this machine.
struct Walls {
  std::string worker;  // the program
  sandbox::Isolation isolation;
  std::optional<sandbox::WorkerGroups> groups;
};
// UNAVAILABLE when they are too few to serve.
Result<Walls> put_up_walls(const Config& config, spdlog::logger& log);

// Jobs of one account at a time on this node; one runner more is for the others.
std::size_t workers_of(const Config& config);

class WorkerNode {
 public:
  WorkerNode(const jobs::Services& services, const Config& config, Walls walls);

  void start() { runners_.start(); }
  // See Runners::stop().
  void stop() { runners_.stop(); }
  // See Runners::hurry().
  void hurry() { runners_.hurry(); }
  const sandbox::Spares& spares() const { return spares_; }
  // The job was deleted. Any thread.
  void cancel(const std::string& job_id) { runners_.cancel(job_id); }

 private:
  sandbox::Spares spares_;
  jobs::Runners runners_;
};

}  // namespace cad::app
