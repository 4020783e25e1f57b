// SPDX-License-Identifier: Apache-2.0
// Removes what is over its age, and what no job owns, again and again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "app/config.hpp"
#include "jobs/remove.hpp"

namespace cad::app {

// Many nodes share the work: each does only what is its duty at the time.
struct NodeDuties {
  std::string node;     // unique for the life of its process
  bool shared = false;  // false: the only node, which does everything
};
// May this node do it now? It keeps the duty for some `every` more.
bool is_my_duty(const jobs::Services& services, const NodeDuties& duties, std::string_view name,
                std::chrono::milliseconds every);

struct SweepTimes {
  // A look into an index; so nothing outlives its age by more than this.
  std::chrono::milliseconds expired{60'000};
  // A walk through the whole store.
  std::chrono::milliseconds orphans{600'000};
  // See OrphanSweep; for many nodes.
  std::chrono::milliseconds orphan_patience{900'000};
  // Spikes, and the ages of counts and of the feed; see Upkeep.
  std::chrono::milliseconds upkeep{180'000};
};
SweepTimes sweep_times(const Config& config);

class Sweeper {
 public:
  Sweeper(const jobs::Services& services, NodeDuties duties, SweepTimes times);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  void run();
  void sweep_accounts();
  void report(std::string_view what, const Result<jobs::Swept>& swept);

  const jobs::Services& services_;
  NodeDuties duties_;
  SweepTimes times_;
  jobs::OrphanSweep orphans_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cad::app
