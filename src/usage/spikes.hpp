// SPDX-License-Identifier: Apache-2.0
// A key that is used far more than it ever was may have leaked. Judged against the key's own
// history alone.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "store/usage.hpp"

namespace cad::usage {

struct SpikeRules {
  std::size_t history_days = 28;
  std::size_t least_days = 7;        // of history; younger keys have no habits yet
  std::int64_t least_requests = 20;  // of the day; less is no harm
  double least_score = 6;
};

// The day's usual number of requests (the median of the history) when `today` is a spike. `history`
// holds full days, the oldest first, yesterday last, days without a request as 0.
//
// The score is 0.6745 (today - median) / MAD, which is about standard deviations, and which days
// out of line hardly move. A key whose days are nearly alike has a MAD of nearly 0: then a tenth of
// the median, at least 1, stands for it. And a weekday's own habit is none: today must be half
// more than the most on the same weekday.
std::optional<std::int64_t> unusual(std::int64_t today, std::span<const std::int64_t> history,
                                    const SpikeRules& rules);

struct FoundSpike {
  store::UsageSpike spike;
  std::string key_name;
};
// Looks at the day of `now`, flags what is unusual, and returns what was not flagged before.
Result<std::vector<FoundSpike>> find_spikes(store::Database& database, store::UnixMs now,
                                            const SpikeRules& rules = {});

}  // namespace cad::usage
