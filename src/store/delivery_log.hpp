// SPDX-License-Identifier: Apache-2.0
// What became of an account's webhooks, for who receives them: those of jobs and tests in one list.
#pragma once

#include "store/outbox.hpp"

namespace cad::store {

struct LoggedDelivery {
  std::string id;
  Event event;  // without its trace; of a test there is no job
  std::optional<std::string> endpoint_id;
  std::optional<std::string> url;  // none: of an endpoint that is removed
  DeliveryState state = DeliveryState::pending;
  std::int64_t attempts = 0;
  std::optional<std::int64_t> last_status;
  std::optional<std::string> last_error;
  UnixMs created_at = 0;
  std::optional<UnixMs> next_at, ended_at;  // of one that waits; of one that does not
};

struct DeliveryQuery {
  std::string account_id;
  std::optional<std::string> endpoint_id = std::nullopt;
  std::optional<DeliveryState> state = std::nullopt;
  std::optional<PageCursor> after = std::nullopt;
  std::int64_t limit = 100;
};

// With an endpoint or a state a page may be short, or empty, while there is a next one: see
// JobPage.
struct DeliveryPage {
  std::vector<LoggedDelivery> deliveries;  // newest first
  std::optional<PageCursor> next;
};

class DeliveryLog {
 public:
  explicit DeliveryLog(Database& database) : database_(database) {}

  Result<DeliveryPage> list(const DeliveryQuery& query);
  // What another account has is NOT_FOUND, too.
  Result<LoggedDelivery> find(std::string_view account_id, std::string_view id);
  // To be sent again at once, whatever became of it; one that is under way stays so. NOT_FOUND.
  Result<void> resend(std::string_view account_id, std::string_view id, UnixMs now);

 private:
  Database& database_;
};

}  // namespace cad::store
