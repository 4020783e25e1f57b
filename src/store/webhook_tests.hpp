// SPDX-License-Identifier: Apache-2.0
// Test events that an account has sent to its own endpoints: about no job, tried once, kept for a
// while so that what came of them can be read.
#pragma once

#include "store/outbox.hpp"

namespace cad::store {

struct WebhookTest {
  std::string id, event_id, account_id, endpoint_id;
  UnixMs created_at = 0;
};

class WebhookTestRepository {
 public:
  explicit WebhookTestRepository(Database& database) : database_(database) {}

  Result<void> add(const WebhookTest& test);
  // The oldest that waits, now leased, as a delivery of the event `test`; none: nothing waits.
  Result<std::optional<Delivery>> claim(UnixMs now, UnixMs lease_until);
  // For the holder of the claim only: false otherwise. There is no second try but one that is asked
  // for.
  Result<bool> finish(const Delivery& delivery, DeliveryState state, const Attempt& attempt);
  Result<std::int64_t> remove_before(UnixMs time);

 private:
  Database& database_;
};

}  // namespace cad::store
