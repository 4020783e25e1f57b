// SPDX-License-Identifier: Apache-2.0
// Who has asked how often. One interface for one process and for many nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "rate/gcra.hpp"

namespace cad::rate {

class Limiter {
 public:
  virtual ~Limiter() = default;
  // One request of `who` ("key:..." or "address:..."). UNAVAILABLE: the backend is away.
  virtual Result<Verdict> take(std::string_view who, const Rate& rate) = 0;
};

// In this process. Holds `most` buckets at a time, 16 bytes each, whoever asks; of too many the
// fullest are forgotten first, so that nobody gets rid of a used up bucket by coming from a million
// addresses. `now`: microseconds, never going back. Any number of threads.
std::unique_ptr<Limiter> make_memory_limiter(std::size_t most, std::function<std::int64_t()> now);

// Of CLOCK_MONOTONIC.
std::int64_t monotonic_us();

}  // namespace cad::rate
