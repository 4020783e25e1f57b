// SPDX-License-Identifier: Apache-2.0
#include "rate/gcra.hpp"

#include <algorithm>

namespace cad::rate {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

}  // namespace

Verdict take(const Rate& rate, std::int64_t now, std::int64_t& full_at) {
  if (rate.per_minute == 0) return {};
  Verdict verdict;
  verdict.limit = std::max(rate.burst, 1u);
  // Rounded up: never faster than was said.
  const std::int64_t each = (kMinute + rate.per_minute - 1) / rate.per_minute;
  const std::int64_t whole = each * verdict.limit;
  // A bucket cannot be emptier than empty, whatever was stored.
  const std::int64_t filling = std::clamp<std::int64_t>(full_at - now, 0, whole);
  if (filling + each > whole) {
    verdict.admitted = false;
    verdict.retry_after_us = filling + each - whole;
    verdict.reset_after_us = filling;
    return verdict;
  }
  full_at = now + filling + each;
  verdict.reset_after_us = filling + each;
  verdict.remaining = static_cast<std::uint32_t>((whole - verdict.reset_after_us) / each);
  return verdict;
}

}  // namespace cad::rate
