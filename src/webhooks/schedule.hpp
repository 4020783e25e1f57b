// SPDX-License-Identifier: Apache-2.0
// When a failed delivery is tried again, and when it is given up.
#pragma once

#include <chrono>
#include <optional>

#include "store/records.hpp"

namespace cad::webhooks {

using std::chrono::milliseconds;

struct RetryRules {
  milliseconds first{2'000};  // doubled from try to try
  milliseconds cap{30'000};   // of the first `quick` pauses
  int quick = 8;
  milliseconds late_cap{3'600'000};     // of the pauses after those
  milliseconds span{24 * 3'600'000};    // from the first try on; then it is given up
  int least_tries = 3;                  // whatever the span
  milliseconds most_wanted{3'600'000};  // of a receiver's Retry-After that is honored
};

// The pause after try number `tries` (from 1): 2 s, 4 s, 8 s, 16 s, 30 s ... 1 min, 2 min ... 1 h,
// each moved by up to a fifth. `chance` is from 0 to 1.
milliseconds pause_after(std::int64_t tries, const RetryRules& rules, double chance);

// When to try again; none: given up. `wanted` is the receiver's Retry-After.
std::optional<store::UnixMs> next_try(std::int64_t tries, store::UnixMs first_at, store::UnixMs now,
                                      std::optional<milliseconds> wanted, const RetryRules& rules,
                                      double chance);

}  // namespace cad::webhooks
