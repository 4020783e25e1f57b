// SPDX-License-Identifier: Apache-2.0
// What an account's plan lets it send.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/services.hpp"

namespace cad::jobs {

struct Terms {
  std::string plan, label;                              // empty: no plan's, the installation's
  std::optional<std::int64_t> requests_per_month = {};  // none: unlimited
  std::uint64_t max_file_bytes = std::numeric_limits<std::uint64_t>::max();
};

// Of the plan of that name; none: of the installation's standard one. UNAVAILABLE: an account has a
// plan that is not configured here.
Result<Terms> terms_of(const Services& services, const std::optional<std::string>& plan);

// The smaller one of the plan's and the installation's, and the sentence that says which it is.
std::uint64_t most_file_bytes(const Services& services, const Terms& terms);
Error too_large(const Services& services, const Terms& terms);

// May the account send one more this month? Without counting it: that is exact only where the job
// is stored.
Result<bool> has_quota_left(const Services& services, const Terms& terms,
                            std::string_view account_id);

// When the month of `now` is over.
UnixMs renewal_after(UnixMs now);

// Did a job that ended with this code fail through no fault of its drawing? Such a request does not
// count.
bool is_our_fault(std::string_view error_code);

}  // namespace cad::jobs
