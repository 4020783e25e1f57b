// SPDX-License-Identifier: Apache-2.0
// Looks into the database for the jobs that somebody here waits for and others run. The only way
// where there is no relay, and what makes a lost notice harmless where there is one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "jobs/event_hub.hpp"
#include "store/database.hpp"

namespace cad::jobs {

class JobWatch {
 public:
  // One query for a hundred jobs every time that `pause` has gone by; no query when nobody waits.
  JobWatch(store::Database& database, EventHub& hub,
           std::function<std::chrono::milliseconds()> pause);
  ~JobWatch();

  // Once, now: those whose rows look other than at the last look, or are gone, are woken.
  void look();

 private:
  void run();

  store::Database& database_;
  EventHub& hub_;
  const std::function<std::chrono::milliseconds()> pause_;
  std::map<std::string, std::string> seen_;  // job -> its row, as far as it matters
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cad::jobs
