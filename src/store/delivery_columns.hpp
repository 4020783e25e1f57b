// SPDX-License-Identifier: Apache-2.0
// A delivery, with its event, as a row.
#pragma once

#include <string_view>

#include "store/outbox.hpp"

namespace cad::store {

// Of `deliveries d JOIN events e`.
inline constexpr std::string_view kDeliveryColumns =
    "d.id, d.event_id, d.job_id, d.account_id, d.sequence, e.name, e.created_at, d.kind, d.target,"
    " d.endpoint_id, d.state, d.tries, d.attempts, d.first_at, d.next_at, d.ended_at,"
    " d.lease_until, (SELECT j.trace FROM jobs j WHERE j.id = d.job_id)";

Result<Delivery> delivery_from_row(const Row& row);

}  // namespace cad::store
