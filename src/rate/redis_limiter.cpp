// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>

#include "crypto/hash.hpp"
#include "rate/limiter.hpp"
#include "redis/client.hpp"

namespace cad::rate {
namespace {

// gcra.cpp in Redis: one number a bucket, microseconds on the server's clock, which a double holds
// exactly until the year 2255. A bucket that is full again is forgotten.
// ARGV: what one fills, the whole, and the time ("": the server's).
constexpr std::string_view kTake = R"lua(
local each, whole, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local full_at = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
local filling = math.min(math.max(full_at - now, 0), whole)
if filling + each > whole then return {0, filling} end
filling = filling + each
redis.call('SET', KEYS[1], string.format('%.0f', now + filling), 'PX', math.ceil(filling / 1000) + 1)
return {1, filling}
)lua";

class RedisLimiter final : public Limiter {
 public:
  RedisLimiter(redis::Client& client, RedisLimiterOptions options)
      : client_(client),
        options_(std::move(options)),
        script_(kTake),
        local_(make_memory_limiter(options_.most_locally,
                                   options_.now ? options_.now : monotonic_us)) {}

  Verdict take(std::string_view who, const Rate& rate) override {
    if (rate.per_minute == 0) return {};
    const auto [each, whole] = bucket_of(rate);
    const auto reply = client_.run(script_, {name_of(who)},
                                   {std::to_string(each), std::to_string(whole),
                                    options_.now ? std::to_string(options_.now()) : std::string()});
    if (!reply || reply->items.size() != 2) {
      tell(true, reply ? "It gave an answer that is none." : reply.error().message);
      return local_->take(who, rate);
    }
    tell(false, "");
    const std::int64_t filling = std::clamp<std::int64_t>(reply->items[1].integer, 0, whole);
    return verdict_of(rate, reply->items[0].integer == 1, filling);
  }

 private:
  std::string name_of(std::string_view who) const {
    const crypto::Digest digest =
        crypto::hmac_sha256(crypto::as_bytes(options_.secret), crypto::as_bytes(who));
    return options_.prefix + "rate:" + crypto::to_base64url(crypto::as_bytes(digest).first(16));
  }

  void tell(bool away, std::string_view why) {
    if (away_.exchange(away) != away && options_.on_outage) options_.on_outage(away, why);
  }

  redis::Client& client_;
  const RedisLimiterOptions options_;
  const redis::Script script_;
  const std::unique_ptr<Limiter> local_;
  std::atomic<bool> away_ = false;
};

}  // namespace

std::unique_ptr<Limiter> make_redis_limiter(redis::Client& client, RedisLimiterOptions options) {
  return std::make_unique<RedisLimiter>(client, std::move(options));
}

}  // namespace cad::rate
