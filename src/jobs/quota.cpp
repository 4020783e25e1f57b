// SPDX-License-Identifier: Apache-2.0
#include "jobs/quota.hpp"

#include <algorithm>
#include <array>

#include "store/usage.hpp"

namespace cad::jobs {
namespace {

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMb = 1 << 20;
  std::string text = std::to_string(bytes) + " bytes";
  if (bytes >= kMb && bytes % kMb == 0) text += " (" + std::to_string(bytes / kMb) + " MB)";
  return text;
}

}  // namespace

Result<Terms> terms_of(const Services& services, const std::optional<std::string>& name) {
  const plans::Plan* plan = name ? services.plans->find(*name) : &services.plans->standard();
  if (plan == nullptr)
    return fail(ErrorCode::unavailable, "The account has the plan " + *name +
                                            ", which is not configured here; its operator can "
                                            "change that.");
  Terms terms{plan->name, plan->label, plan->requests_per_month};
  if (plan->max_file_bytes) terms.max_file_bytes = *plan->max_file_bytes;
  return terms;
}

std::uint64_t most_file_bytes(const Services& services, const Terms& terms) {
  return std::min(services.settings.max_upload_bytes, terms.max_file_bytes);
}

Error too_large(const Services& services, const Terms& terms) {
  std::string message =
      "The file is larger than " + size_text(most_file_bytes(services, terms)) + ", the most that ";
  message += terms.max_file_bytes < services.settings.max_upload_bytes
                 ? "the plan " + terms.label + " (" + terms.plan + ") takes."
                 : "is accepted here.";
  return {ErrorCode::limit_exceeded, std::move(message)};
}

Result<bool> has_quota_left(const Services& services, const Terms& terms,
                            std::string_view account_id) {
  if (!terms.requests_per_month) return true;
  store::UsageRepository usage(services.database);
  CAD_ASSIGN(const std::int64_t used, usage.used(account_id, store::month_of(services.clock())));
  return used < *terms.requests_per_month;
}

UnixMs renewal_after(UnixMs now) {
  return store::start_of(store::first_day(store::next_month(store::month_of(now))));
}

bool is_our_fault(std::string_view error_code) {
  // NOT_FOUND: the upload reached its age before its turn. PARSE_CRASHED: the reader's defect,
  // whatever the drawing. What a drawing needs beyond a job's bounds (OUT_OF_MEMORY, CPU_LIMIT,
  // TIME_LIMIT, OUTPUT_LIMIT) has been worked on and counts.
  constexpr auto kOurs = std::to_array<std::string_view>(
      {"INTERNAL", "UNAVAILABLE", "IO_ERROR", "INTEGRITY_ERROR", "NOT_FOUND", "INTERRUPTED",
       "WORKER_KILLED", "WORKER_UNAVAILABLE", "PARSE_CRASHED"});
  return std::ranges::find(kOurs, error_code) != kOurs.end();
}

}  // namespace cad::jobs
