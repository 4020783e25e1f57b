// SPDX-License-Identifier: Apache-2.0
#include "http/rate_gate.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "crypto/hash.hpp"
#include "net/networks.hpp"

namespace cad::http {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

int seconds_up(std::int64_t us) { return static_cast<int>((us + kSecond - 1) / kSecond); }

struct Limit {
  std::string_view name;   // for metrics
  std::string_view whose;  // for the caller
};
constexpr Limit kAddress{"address", "address"}, kKey{"key", "key"},
    kCostlyAccount{"costly", "account"}, kCostlyAddress{"costly", "address"},
    kSignIn{"sign-in", "account"}, kMailbox{"mailbox", "address"};

std::string mailbox_of(std::string_view email_key) {
  return "mail:" + crypto::sha256_hex(email_key);
}

tl::expected<void, ApiError> admit(Call& call, const std::string& who, const rate::Rate& rate,
                                   const Limit& limit) {
  const rate::Verdict verdict = call.api.limiter.take(who, rate);
  call.rate = verdict;
  if (verdict.admitted) return {};
  if (call.services().metrics != nullptr)
    call.services().metrics->requests.rate_refused(limit.name);
  ApiError error(429, "RATE_LIMITED",
                 "Too many requests of this " + std::string(limit.whose) + ": " +
                     std::to_string(rate.per_minute) + " a minute are served, " +
                     std::to_string(verdict.limit) + " of them at once. Try again later.");
  error.retry_after = std::max(1, seconds_up(verdict.retry_after_us));
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
  return admit(call, mailbox_of(email_key), call.api.rates.per_mailbox, kMailbox);
}

bool has_room_in_mailbox(const Call& call, std::string_view email_key) {
  return call.api.limiter.take(mailbox_of(email_key), call.api.rates.per_mailbox).admitted;
}

void tell_rate(const rate::Verdict& verdict, Headers& headers) {
  if (verdict.limit == 0) return;
  headers.set("RateLimit-Limit", std::to_string(verdict.limit));
  headers.set("RateLimit-Remaining", std::to_string(verdict.remaining));
  headers.set("RateLimit-Reset", std::to_string(seconds_up(verdict.reset_after_us)));
}

}  // namespace cad::http
