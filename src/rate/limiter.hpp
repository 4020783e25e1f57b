// SPDX-License-Identifier: Apache-2.0
// Who has asked how often. One interface for one process and for many nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"
#include "rate/gcra.hpp"

namespace cad::redis {
class Client;
}

namespace cad::rate {

class Limiter {
 public:
  virtual ~Limiter() = default;
  // One request of `who` ("key:..." or "address:..."). Somebody always counts: see
  // make_redis_limiter().
  virtual Verdict take(std::string_view who, const Rate& rate) = 0;
};

// In this process. Holds `most` buckets at a time, 16 bytes each, whoever asks; of too many the
// fullest are forgotten first, so that nobody gets rid of a used up bucket by coming from a million
// addresses. `now`: microseconds, never going back. Any number of threads.
std::unique_ptr<Limiter> make_memory_limiter(std::size_t most, std::function<std::int64_t()> now);

struct RedisLimiterOptions {
  std::string prefix = "cadlens:";
  // The same on every node: names in Redis are hashed with it, so that no key id, address of a
  // machine or of a person can be read there.
  crypto::Key256 secret{};
  std::size_t most_locally = 1u << 18;  // buckets while Redis is away
  // Redis is away, or back: once each time. Must not block.
  std::function<void(bool away, std::string_view why)> on_outage = nullptr;
  // For tests; microseconds. None: the clock of the Redis server, the same for all nodes.
  std::function<std::int64_t()> now = nullptr;
};

// One bucket for all nodes, taken from in one round trip. While Redis is away each node counts for
// itself, so that a client may get as much of every node; it never fails.
std::unique_ptr<Limiter> make_redis_limiter(redis::Client& client, RedisLimiterOptions options);

// Of CLOCK_MONOTONIC.
std::int64_t monotonic_us();

}  // namespace cad::rate
