// SPDX-License-Identifier: Apache-2.0
#include "logging/outage.hpp"

#include <spdlog/spdlog.h>

#include "logging/quoted.hpp"

namespace cad::logging {

void Outage::tell(bool away, std::string_view why) {
  if (away_.exchange(away) == away) return;
  if (away)
    log_.error("event=backend_away what={} reason={}", what_, quoted(why));
  else
    log_.info("event=backend_back what={}", what_);
}

}  // namespace cad::logging
