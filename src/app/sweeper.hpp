// SPDX-License-Identifier: Apache-2.0
// Removes what is over its age, and what no job owns, again and again; at once where it is the only
// node: what the one before it left when it was killed. Each in a thread of its own: a walk through
// a large store takes longer than an age may be overdue.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "app/config.hpp"
#include "jobs/orphans.hpp"

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
  // For many nodes.
  jobs::OrphanTimes of_many{std::chrono::minutes(15), std::chrono::minutes(1)};
  // Spikes, and the ages of counts and of the feed; see Upkeep.
  std::chrono::milliseconds upkeep{180'000};
};
SweepTimes sweep_times(const Config& config);

// What writers that were killed left half-written in the object store; how many there were.
using SweepLeftovers = std::function<Result<std::size_t>()>;

class Sweeper {
 public:
  Sweeper(const jobs::Services& services, NodeDuties duties, SweepTimes times,
          SweepLeftovers leftovers);
  ~Sweeper();
  // Nothing new is begun; the destructor waits for what is under way.
  void ask_to_stop();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  void sweep_expired();
  void sweep_store();
  void sweep_accounts();
  void repeat(std::chrono::milliseconds first, std::chrono::milliseconds every,
              void (Sweeper::*sweep)());
  // Whether it went well.
  bool report(std::string_view what, const Result<jobs::Swept>& swept);

  const jobs::Services& services_;
  NodeDuties duties_;
  SweepTimes times_;
  SweepLeftovers leftovers_;
  std::mutex mutex_;
  std::condition_variable stop_;
  std::atomic<bool> stopping_ = false;
  std::thread expired_, store_;
};

}  // namespace cad::app
