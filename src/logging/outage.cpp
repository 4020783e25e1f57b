// SPDX-License-Identifier: Apache-2.0
#include "logging/outage.hpp"

#include <spdlog/spdlog.h>

#include "logging/quoted.hpp"

namespace cad::logging {

void Outage::went_away(std::string_view why) {
  if (away_) return;
  const std::lock_guard lock(mutex_);
  if (away_.exchange(true)) return;
  since_ = Clock::now();
  if (log_ != nullptr) log_->error("event=backend_away what={} reason={}", what_, quoted(why));
}

void Outage::is_back() {
  if (!away_) return;
  const std::lock_guard lock(mutex_);
  if (!away_.exchange(false)) return;
  const auto lasted =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since_).count();
  if (log_ != nullptr) log_->info("event=backend_back what={} ms={}", what_, lasted);
}

}  // namespace cad::logging
