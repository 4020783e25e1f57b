// SPDX-License-Identifier: Apache-2.0
#include "http/rate_gate.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>

#include "crypto/hash.hpp"
#include "logging/quoted.hpp"
#include "net/networks.hpp"

namespace cad::http {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

int seconds_up(std::int64_t us) { return static_cast<int>((us + kSecond - 1) / kSecond); }

// What happens while whoever keeps count is away. Being open is the lesser harm, but for what
// guesses passwords and sends mail: there the limit is the protection.
enum class WhenAway { open, closed };

struct Limit {
  std::string_view name;   // for metrics
  std::string_view whose;  // for the caller
  WhenAway when_away = WhenAway::open;
};
constexpr Limit kAddress{"address", "address"}, kKey{"key", "key"},
    kCostlyAccount{"costly", "account", WhenAway::closed},
    kCostlyAddress{"costly", "address", WhenAway::closed},
    kSignIn{"sign-in", "account", WhenAway::closed},
    kMailbox{"mailbox", "address", WhenAway::closed};

// Once a second: every request would say so.
void log_away(const Call& call, const Error& error) {
  static std::atomic<std::int64_t> last = 0;
  const std::int64_t now = rate::monotonic_us();
  std::int64_t before = last.load(std::memory_order_relaxed);
  if (before != 0 && now - before < kSecond) return;
  if (last.compare_exchange_strong(before, now))
    call.services().log.warn("event=limiter_away what={}", logging::quoted(error.message));
}

tl::expected<void, ApiError> admit(Call& call, const std::string& who, const rate::Rate& rate,
                                   const Limit& limit) {
  const auto verdict = call.api.limiter.take(who, rate);
  if (!verdict) {
    log_away(call, verdict.error());
    if (limit.when_away == WhenAway::open) return {};
    return tl::unexpected(away("This cannot be done safely at the moment; try again soon."));
  }
  call.rate = *verdict;
  if (verdict->admitted) return {};
  if (call.services().metrics != nullptr)
    call.services().metrics->requests.rate_refused(limit.name);
  ApiError error(429, "RATE_LIMITED",
                 "Too many requests of this " + std::string(limit.whose) + ": " +
                     std::to_string(rate.per_minute) + " a minute are served, " +
                     std::to_string(verdict->limit) + " of them at once. Try again later.");
  error.retry_after = std::max(1, seconds_up(verdict->retry_after_us));
  return tl::unexpected(std::move(error));
}

}  // namespace

tl::expected<void, ApiError> admit_address(Call& call) {
  const auto address = net::parse_ip(call.request.remote);
  if (!address) return {};
  return admit(call, "address:" + address->group(), call.api.rates.per_address, kAddress);
}

tl::expected<void, ApiError> admit_key(Call& call) {
  return admit(call, "key:" + call.principal.family, call.api.rates.per_key, kKey);
}

tl::expected<void, ApiError> admit_costly(Call& call) {
  const rate::Rate& rate = call.api.rates.per_costly;
  if (!call.principal.account_id.empty())
    return admit(call, "costly account:" + call.principal.account_id, rate, kCostlyAccount);
  const auto address = net::parse_ip(call.request.remote);
  if (!address) return {};
  return admit(call, "costly address:" + address->group(), rate, kCostlyAddress);
}

tl::expected<void, ApiError> admit_sign_in(Call& call, std::string_view email_key) {
  // Hashed: the table of the limiter holds no addresses of people.
  const std::string who = crypto::sha256_hex(email_key);
  const auto address = net::parse_ip(call.request.remote);
  const std::string from = address ? address->group() : "unix";
  const rate::Rules& rates = call.api.rates;
  auto admitted = admit(call, "sign-in:" + who + " " + from, rates.per_sign_in, kSignIn);
  if (admitted) admitted = admit(call, "sign-in:" + who, rates.per_account_sign_in, kSignIn);
  if (!admitted)
    call.services().log.warn("event=signin_throttled address={} request={}", call.request.remote,
                             call.request_id);
  return admitted;
}

tl::expected<void, ApiError> admit_mail(Call& call, std::string_view email_key) {
  return admit(call, "mail:" + crypto::sha256_hex(email_key), call.api.rates.per_mailbox, kMailbox);
}

void tell_rate(const rate::Verdict& verdict, Headers& headers) {
  if (verdict.limit == 0) return;
  headers.set("RateLimit-Limit", std::to_string(verdict.limit));
  headers.set("RateLimit-Remaining", std::to_string(verdict.remaining));
  headers.set("RateLimit-Reset", std::to_string(seconds_up(verdict.reset_after_us)));
}

}  // namespace cad::http
