// SPDX-License-Identifier: Apache-2.0
#include "usage/spikes.hpp"

#include <algorithm>
#include <cmath>

namespace cad::usage {
namespace {

double median(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle),
                   values.end());
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  return (upper +
          *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle))) /
         2;
}

std::int64_t most_on_this_weekday(std::span<const std::int64_t> history) {
  std::int64_t most = 0;
  for (std::size_t ago = 7; ago <= history.size(); ago += 7)
    most = std::max(most, history[history.size() - ago]);
  return most;
}

}  // namespace

std::optional<std::int64_t> unusual(std::int64_t today, std::span<const std::int64_t> history,
                                    const SpikeRules& rules) {
  constexpr double kToDeviations = 0.6745, kLeastSpread = 1, kSpreadOfMedian = 0.1;
  constexpr double kBeyondWeekday = 1.5;
  if (today < rules.least_requests || history.size() < rules.least_days) return std::nullopt;
  std::vector<double> values(history.begin(), history.end());
  const double usual = median(values);
  for (double& value : values) value = std::abs(value - usual);
  const double spread =
      std::max({median(std::move(values)), kSpreadOfMedian * usual, kLeastSpread});
  const double more = static_cast<double>(today) - usual;
  if (kToDeviations * more / spread < rules.least_score) return std::nullopt;
  const auto weekday = static_cast<double>(most_on_this_weekday(history));
  if (static_cast<double>(today) <= kBeyondWeekday * weekday) return std::nullopt;
  return std::llround(usual);
}

Result<std::vector<FoundSpike>> find_spikes(store::Database& database, store::UnixMs now,
                                            const SpikeRules& rules) {
  store::UsageRepository usage(database);
  const store::Day today = store::day_of(now);
  std::vector<FoundSpike> found;
  CAD_ASSIGN(const auto busy, usage.busy_keys(today, rules.least_requests));
  for (const store::KeyDay& key : busy) {
    // The day on which the key was made is no full day.
    const store::Day from = std::max(today - static_cast<store::Day>(rules.history_days),
                                     store::day_of(key.key_created_at) + 1);
    CAD_ASSIGN(const auto history, usage.history(key.account_id, key.key_id, from, today - 1));
    const auto usual = unusual(key.requests, history, rules);
    if (!usual) continue;
    const store::UsageSpike spike{key.account_id, key.key_id, today, key.requests, *usual};
    CAD_ASSIGN(const bool first, usage.flag(spike, now));
    if (first) found.push_back({spike, key.key_name});
  }
  return found;
}

}  // namespace cad::usage
