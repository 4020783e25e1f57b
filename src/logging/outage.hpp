// SPDX-License-Identifier: Apache-2.0
// Says in the log that something has gone away, and that it is back: once each time, however many
// notice it.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace cad::logging {

class Outage {
 public:
  Outage(spdlog::logger& log, std::string what) : log_(log), what_(std::move(what)) {}
  // Any thread.
  void tell(bool away, std::string_view why);

 private:
  spdlog::logger& log_;
  const std::string what_;
  std::atomic<bool> away_ = false;
};

}  // namespace cad::logging
