// SPDX-License-Identifier: Apache-2.0
// An upload before its first byte: is it within the plan of its account?
#pragma once

#include "http/call.hpp"

namespace cad::http {

// The name of the caller's plan; none: the installation's standard one.
std::optional<std::string> plan_of(const Call& call);

// The account's terms, kept in the call; 413 when the request says of itself that it is larger.
// Returns the most bytes that its body may have.
tl::expected<std::uint64_t, ApiError> admit_body(Call& call);

// 429 when the month is used up. A cheap look that spares the upload; what counts is decided where
// the job is stored. A request that may only ask for an earlier job again is let through.
tl::expected<void, ApiError> admit_request(const Call& call);

// 429 QUOTA_EXCEEDED
ApiError over_quota(const Call& call);

}  // namespace cad::http
