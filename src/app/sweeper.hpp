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

struct SweepTimes {
  // A look into an index; so nothing outlives its age by more than this.
  std::chrono::milliseconds expired{60'000};
  // A walk through the whole store.
  std::chrono::milliseconds orphans{600'000};
  // Spikes, and the ages of counts and of the feed; see Upkeep.
  std::chrono::milliseconds upkeep{180'000};
};
SweepTimes sweep_times(const Config& config);

class Sweeper {
 public:
  Sweeper(const jobs::Services& services, std::function<void(const std::string&)> cancel,
          SweepTimes times);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  void run();
  void sweep_accounts();
  void report(std::string_view what, const Result<jobs::Swept>& swept);

  const jobs::Services& services_;
  std::function<void(const std::string&)> cancel_;
  SweepTimes times_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cad::app
