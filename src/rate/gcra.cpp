// SPDX-License-Identifier: Apache-2.0
#include "rate/gcra.hpp"

#include <algorithm>

namespace cad::rate {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

}  // namespace

Bucket bucket_of(const Rate& rate) {
  // Rounded up: never faster than was said.
  const std::int64_t each = (kMinute + rate.per_minute - 1) / rate.per_minute;
  return {each, each * std::max(rate.burst, 1u)};
}

Verdict verdict_of(const Rate& rate, bool admitted, std::int64_t filling) {
  const auto [each, whole] = bucket_of(rate);
  Verdict verdict;
  verdict.admitted = admitted;
  verdict.limit = std::max(rate.burst, 1u);
  verdict.reset_after_us = filling;
  if (admitted) {
    verdict.remaining = static_cast<std::uint32_t>((whole - filling) / each);
  } else {
    verdict.retry_after_us = filling + each - whole;
  }
  return verdict;
}

Verdict take(const Rate& rate, std::int64_t now, std::int64_t& full_at) {
  if (rate.per_minute == 0) return {};
  const auto [each, whole] = bucket_of(rate);
  // A bucket cannot be emptier than empty, whatever was stored.
  const std::int64_t filling = std::clamp<std::int64_t>(full_at - now, 0, whole);
  if (filling + each > whole) return verdict_of(rate, false, filling);
  full_at = now + filling + each;
  return verdict_of(rate, true, filling + each);
}

}  // namespace cad::rate
