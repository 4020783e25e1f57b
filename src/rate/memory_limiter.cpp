// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstring>
#include <mutex>
#include <vector>

#include "crypto/hash.hpp"
#include "rate/limiter.hpp"

namespace cad::rate {
namespace {

constexpr std::size_t kWays = 8, kLocks = 64;

struct Slot {
  std::uint64_t who = 0;  // a keyed hash; 0: free
  std::int64_t full_at = 0;
};
using Set = std::array<Slot, kWays>;

class MemoryLimiter final : public Limiter {
 public:
  MemoryLimiter(std::size_t most, std::function<std::int64_t()> now)
      : now_(std::move(now)), sets_(std::bit_ceil(std::max<std::size_t>(1, most / kWays))) {}

  Verdict take(std::string_view who, const Rate& rate) override {
    if (rate.per_minute == 0) return {};
    const auto [set_hash, bucket_hash] = hashes(who);
    const std::size_t index = set_hash & (sets_.size() - 1);
    const std::lock_guard lock(locks_[index % kLocks]);
    Slot& bucket = slot_of(sets_[index], bucket_hash);
    return rate::take(rate, now_(), bucket.full_at);
  }

 private:
  // Keyed, so that nobody can choose names that share a bucket or a set.
  std::pair<std::uint64_t, std::uint64_t> hashes(std::string_view who) const {
    const crypto::Digest digest =
        crypto::hmac_sha256(crypto::as_bytes(secret_), crypto::as_bytes(who));
    std::uint64_t words[2];
    std::memcpy(words, digest.data(), sizeof words);
    return {words[0], words[1] == 0 ? 1 : words[1]};
  }

  static Slot& slot_of(Set& set, std::uint64_t who) {
    for (Slot& bucket : set)
      if (bucket.who == who) return bucket;
    Slot& fullest = *std::min_element(set.begin(), set.end(),
                                      [](auto& a, auto& b) { return a.full_at < b.full_at; });
    fullest = {who, 0};
    return fullest;
  }

  const crypto::Key256 secret_ = crypto::random_key();
  const std::function<std::int64_t()> now_;
  std::vector<Set> sets_;
  std::array<std::mutex, kLocks> locks_;
};

}  // namespace

std::unique_ptr<Limiter> make_memory_limiter(std::size_t most, std::function<std::int64_t()> now) {
  return std::make_unique<MemoryLimiter>(most, std::move(now));
}

std::int64_t monotonic_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace cad::rate
