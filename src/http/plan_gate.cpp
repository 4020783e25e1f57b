// SPDX-License-Identifier: Apache-2.0
#include "http/plan_gate.hpp"

#include "store/calendar.hpp"

namespace cad::http {
namespace {

constexpr std::uint64_t kFormOverhead = 1u << 20;  // multipart framing and the other fields

Result<bool> is_known_token(const Call& call) {
  const auto token = call.request.headers.find("Idempotency-Key");
  if (!token) return false;
  store::IdempotencyRepository records(call.services().database);
  const auto found = records.find(call.principal.key_id, *token);
  if (!found && found.error().code != ErrorCode::not_found) return tl::unexpected(found.error());
  return found.has_value();
}

}  // namespace

std::optional<std::string> plan_of(const Call& call) { return call.principal.account.plan; }

tl::expected<std::uint64_t, ApiError> admit_body(Call& call) {
  CAD_ASSIGN(call.terms, jobs::terms_of(call.services(), plan_of(call)));
  const std::uint64_t most = jobs::most_file_bytes(call.services(), call.terms) + kFormOverhead;
  const auto declared = call.request.body->declared_size();
  if (declared && *declared > most)
    return tl::unexpected(ApiError(jobs::too_large(call.services(), call.terms)));
  return most;
}

tl::expected<void, ApiError> admit_request(const Call& call) {
  CAD_ASSIGN(const bool left,
             jobs::has_quota_left(call.services(), call.terms, call.principal.account_id));
  if (left) return {};
  CAD_ASSIGN(const bool known, is_known_token(call));
  if (known) return {};
  return tl::unexpected(over_quota(call));
}

ApiError over_quota(const Call& call) {
  const store::UnixMs now = call.services().clock();
  const store::UnixMs renewal = jobs::renewal_after(now);
  ApiError error(429, "QUOTA_EXCEEDED",
                 "The plan " + call.terms.label + " (" + call.terms.plan + ") has " +
                     std::to_string(call.terms.requests_per_month.value_or(0)) +
                     " requests a month, and this month's are used. The next month begins on " +
                     store::day_text(store::day_of(renewal)) + " (UTC).");
  error.retry_after = static_cast<int>((renewal - now + 999) / 1000);
  return error;
}

}  // namespace cad::http
