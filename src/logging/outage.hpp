// SPDX-License-Identifier: Apache-2.0
// Whether something that is needed has gone away, and a word in the log when it goes and when it is
// back: once each time, however many notice it.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace cad::logging {

class Outage {
 public:
  // Without a log nothing is said.
  Outage(spdlog::logger* log, std::string what) : log_(log), what_(std::move(what)) {}
  // Any thread.
  void went_away(std::string_view why);
  void is_back();
  void tell(bool away, std::string_view why) { away ? went_away(why) : is_back(); }
  bool is_away() const { return away_; }

 private:
  using Clock = std::chrono::steady_clock;

  spdlog::logger* log_;
  const std::string what_;
  std::atomic<bool> away_ = false;  // so that nobody waits for a lock while all is well
  std::mutex mutex_;
  Clock::time_point since_;
};

}  // namespace cad::logging
