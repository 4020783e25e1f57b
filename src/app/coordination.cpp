// SPDX-License-Identifier: Apache-2.0
#include "app/coordination.hpp"

#include <algorithm>

#include "app/worker_node.hpp"
#include "crypto/bytes.hpp"
#include "logging/outage.hpp"
#include "queue/redis_queue.hpp"
#include "redis/options.hpp"
#include "store/facts.hpp"

namespace cad::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRateBuckets = 1u << 18;  // 4 MB
// Between looks for what other nodes did: behind a relay only what it lost.
constexpr auto kLookBehindRelay = 5'000ms, kLookAlone = 500ms;

// Not secret from the nodes, but not in Redis, either, where it makes names unreadable.
Result<crypto::Key256> hashing_key(store::Database& database) {
  CAD_ASSIGN(const std::string text,
             store::agree_on(database, "limiter_key", crypto::random_hex(32)));
  crypto::Key256 key{};
  const auto bytes = crypto::from_hex(text);
  if (!bytes || bytes->size() != key.size())
    return fail(ErrorCode::integrity, "The database holds a damaged fact (limiter_key).");
  std::copy(bytes->begin(), bytes->end(), reinterpret_cast<char*>(key.data()));
  return key;
}

std::function<void(bool, std::string_view)> outage_log(spdlog::logger& log, const char* what) {
  return [outage = std::make_shared<logging::Outage>(&log, what)](bool away, std::string_view why) {
    outage->tell(away, why);
  };
}

}  // namespace

Result<std::unique_ptr<Coordination>> Coordination::make(const BackendUrls& urls,
                                                         const Config& config,
                                                         store::Database& database,
                                                         spdlog::logger& log) {
  std::unique_ptr<Coordination> out(new Coordination(database, urls.many_nodes()));
  const queue::Options limits{workers_of(config), config.account_jobs};
  if (!urls.redis) {
    out->queue_ = queue::make_database_queue(database, limits);
    out->limiter_ = rate::make_memory_limiter(kRateBuckets, rate::monotonic_us);
    return out;
  }
  CAD_ASSIGN(auto options, redis::parse_url(urls.redis->text()));
  out->redis_ =
      std::make_unique<redis::Client>(std::make_shared<redis::Options>(std::move(options)));
  queue::RedisQueueOptions queue;
  queue.limits = limits;
  queue.lease = std::chrono::seconds(config.lease_seconds);
  queue.on_outage = outage_log(log, "redis_queue");
  out->queue_ = queue::make_redis_queue(database, *out->redis_, queue);
  rate::RedisLimiterOptions limiter;
  CAD_ASSIGN(limiter.secret, hashing_key(database));
  limiter.most_locally = kRateBuckets;
  limiter.on_outage = outage_log(log, "redis_limits");
  out->limiter_ = rate::make_redis_limiter(*out->redis_, limiter);
  return out;
}

Coordination::~Coordination() = default;

std::function<Result<void>()> Coordination::ask_redis() {
  if (!redis_) return nullptr;
  return [client = redis_.get()]() -> Result<void> {
    CAD_TRY(client->run(redis::Command{"PING"}));
    return {};
  };
}

void Coordination::connect(jobs::EventHub& events) {
  if (redis_) relay_ = std::make_unique<jobs::RedisRelay>(events, *redis_);
  if (many_nodes_ || redis_)
    watch_ = std::make_unique<jobs::JobWatch>(database_, events, [this] {
      return relay_ && relay_->is_connected() ? kLookBehindRelay : kLookAlone;
    });
}

}  // namespace cad::app
