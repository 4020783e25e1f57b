// SPDX-License-Identifier: Apache-2.0
#include "webhooks/schedule.hpp"

#include <algorithm>

namespace cad::webhooks {

milliseconds pause_after(std::int64_t tries, const RetryRules& rules, double chance) {
  const bool late = tries > rules.quick;
  const milliseconds most = late ? rules.late_cap : rules.cap;
  milliseconds pause = late ? rules.cap : rules.first;
  for (std::int64_t i = late ? rules.quick : 1; i < tries && pause < most; ++i) pause *= 2;
  pause = std::min(pause, most);
  const double moved = static_cast<double>(pause.count()) * (0.8 + 0.4 * chance);
  return std::min(milliseconds(static_cast<std::int64_t>(moved)), most);
}

std::optional<store::UnixMs> next_try(std::int64_t tries, store::UnixMs first_at, store::UnixMs now,
                                      std::optional<milliseconds> wanted, const RetryRules& rules,
                                      double chance) {
  milliseconds pause = pause_after(tries, rules, chance);
  if (wanted) pause = std::max(pause, std::min(*wanted, rules.most_wanted));
  const store::UnixMs next = now + pause.count();
  if (tries >= rules.least_tries && next > first_at + rules.span.count()) return std::nullopt;
  return next;
}

}  // namespace cad::webhooks
