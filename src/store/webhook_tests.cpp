// SPDX-License-Identifier: Apache-2.0
#include "store/webhook_tests.hpp"

namespace cad::store {
namespace {

constexpr std::string_view kNext =
    "SELECT id FROM webhook_tests WHERE state = 'PENDING' AND lease_until <= $1"
    " ORDER BY created_at, id LIMIT 1";

}  // namespace

Result<void> WebhookTestRepository::add(const WebhookTest& test) {
  CAD_TRY(database_.write(
      "INSERT INTO webhook_tests (id, event_id, account_id, endpoint_id, state, attempts,"
      " created_at, lease_until) VALUES ($1,$2,$3,$4,'PENDING',0,$5,0)",
      {test.id, test.event_id, test.account_id, test.endpoint_id, test.created_at}));
  return {};
}

Result<std::optional<Delivery>> WebhookTestRepository::claim(UnixMs now, UnixMs lease_until) {
  // Nearly always nothing waits, which costs a look at an empty index.
  CAD_ASSIGN(const Rows waiting, database_.read(kNext, {now}));
  if (waiting.rows.empty()) return std::optional<Delivery>();
  CAD_ASSIGN(
      const Rows rows,
      database_.write("UPDATE webhook_tests SET lease_until = $2 WHERE id = (" +
                          std::string(kNext) + std::string(for_update_of_free(database_)) +
                          ") AND state = 'PENDING' AND lease_until <= $1"
                          " RETURNING id, event_id, account_id, endpoint_id, created_at, attempts",
                      {now, lease_until}));
  if (rows.rows.empty()) return std::optional<Delivery>();  // another was faster
  const Row& row = rows.rows.front();
  Delivery out;
  out.id = row.text(0);
  out.event.id = row.text(1);
  out.event.account_id = row.text(2);
  out.event.name = EventName::test;
  out.event.created_at = row.integer(4);
  out.target = row.text(3);
  out.endpoint_id = row.text(3);
  out.attempts = row.integer(5);
  out.lease_until = lease_until;
  return std::optional(std::move(out));
}

Result<bool> WebhookTestRepository::finish(const Delivery& delivery, DeliveryState state,
                                           const Attempt& attempt) {
  CAD_ASSIGN(const Rows rows,
             database_.write("UPDATE webhook_tests SET state = $2, attempts = attempts + 1,"
                             " last_status = $3, last_error = $4, ended_at = $5, lease_until = 0"
                             " WHERE id = $1 AND state = 'PENDING' AND lease_until = $6",
                             {delivery.id, std::string(to_string(state)), nullable(attempt.status),
                              nullable(attempt.error), attempt.at + attempt.duration_ms,
                              delivery.lease_until}));
  return rows.changed == 1;
}

Result<std::int64_t> WebhookTestRepository::remove_before(UnixMs time) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM webhook_tests WHERE created_at < $1", {time}));
  return rows.changed;
}

}  // namespace cad::store
