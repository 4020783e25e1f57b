// SPDX-License-Identifier: Apache-2.0
#include "store/delivery_log.hpp"

#include "store/newest_first.hpp"

namespace cad::store {
namespace {

// Of `one`, which has ids and times of deliveries and tests.
constexpr std::string_view kColumns =
    "SELECT one.id, COALESCE(d.event_id, t.event_id), COALESCE(d.job_id, ''),"
    " COALESCE(d.sequence, 0), COALESCE(e.name, 'webhook.test'),"
    " COALESCE(d.endpoint_id, t.endpoint_id),"
    " COALESCE(w.url, CASE WHEN d.endpoint_id IS NULL THEN d.target END),"
    " COALESCE(d.state, t.state), COALESCE(d.attempts, t.attempts),"
    " COALESCE(a.status, t.last_status), COALESCE(a.error, t.last_error), one.created_at,"
    " COALESCE(d.next_at, t.created_at), COALESCE(d.ended_at, t.ended_at) FROM (";
constexpr std::string_view kJoined =
    ") AS one LEFT JOIN deliveries d ON d.id = one.id LEFT JOIN events e ON e.id = d.event_id"
    " LEFT JOIN webhook_tests t ON t.id = one.id"
    " LEFT JOIN webhook_endpoints w ON w.id = COALESCE(d.endpoint_id, t.endpoint_id)"
    " LEFT JOIN attempts a ON a.delivery_id = d.id AND a.number = d.attempts";

Statement newest_of(const DeliveryQuery& query, std::int64_t most) {
  Statement out;
  std::string where = " WHERE account_id = " + out.parameter(query.account_id);
  where += out.behind(query.after);
  const std::string order = std::string(kNewestFirst) + out.parameter(most);
  out.sql = "SELECT * FROM (SELECT id, created_at FROM deliveries" + where +
            " AND kind = 'webhook'" + order +
            ") AS one UNION ALL SELECT * FROM (SELECT id, created_at FROM webhook_tests" + where +
            order + ") AS one" + order;
  return out;
}

Statement joined(Statement ids, const DeliveryQuery& query) {
  Statement out{{}, std::move(ids.values)};
  std::string where;
  if (query.endpoint_id)
    where = " WHERE COALESCE(d.endpoint_id, t.endpoint_id) = " + out.parameter(*query.endpoint_id);
  if (query.state)
    where +=
        (where.empty() ? " WHERE" : " AND") +
        (" COALESCE(d.state, t.state) = " + out.parameter(std::string(to_string(*query.state))));
  out.sql = std::string(kColumns) + ids.sql + std::string(kJoined) + where +
            " ORDER BY one.created_at DESC, one.id DESC LIMIT " + out.parameter(query.limit + 1);
  return out;
}

Result<LoggedDelivery> logged_from_row(const Row& row) {
  LoggedDelivery out;
  out.id = row.text(0);
  out.event.id = row.text(1);
  out.event.job_id = row.text(2);
  out.event.sequence = row.integer(3);
  CAD_ASSIGN(out.event.name, parse_event_name(row.text(4)));
  out.endpoint_id = row.maybe_text(5);
  out.url = row.maybe_text(6);
  for (const DeliveryState state : {DeliveryState::pending, DeliveryState::delivered,
                                    DeliveryState::skipped, DeliveryState::failed})
    if (row.text(7) == to_string(state)) out.state = state;
  out.attempts = row.integer(8);
  out.last_status = row.maybe_integer(9);
  out.last_error = row.maybe_text(10);
  out.created_at = out.event.created_at = row.integer(11);
  if (out.state == DeliveryState::pending)
    out.next_at = row.maybe_integer(12);
  else
    out.ended_at = row.maybe_integer(13);
  return out;
}

}  // namespace

Result<DeliveryPage> DeliveryLog::list(const DeliveryQuery& query) {
  const bool filters = query.endpoint_id || query.state;
  const Statement newest = newest_of(query, filters ? kMostLookedAt : query.limit + 1);
  const Statement wanted = joined(newest, query);
  CAD_ASSIGN(const Rows rows, database_.read(wanted.sql, wanted.values));
  DeliveryPage page;
  for (const Row& row : rows.rows) {
    if (page.deliveries.size() == static_cast<std::size_t>(query.limit)) {
      page.next = PageCursor{page.deliveries.back().created_at, page.deliveries.back().id};
      return page;
    }
    CAD_ASSIGN(LoggedDelivery one, logged_from_row(row));
    page.deliveries.push_back(std::move(one));
  }
  if (filters) {
    CAD_ASSIGN(page.next, end_of_search(database_, newest));
  }
  return page;
}

Result<LoggedDelivery> DeliveryLog::find(std::string_view account_id, std::string_view id) {
  static const std::string sql =
      std::string(kColumns) +
      "SELECT id, created_at FROM deliveries WHERE id = $2 AND account_id = $1"
      " AND kind = 'webhook' UNION ALL"
      " SELECT id, created_at FROM webhook_tests WHERE id = $2 AND account_id = $1" +
      std::string(kJoined);
  CAD_ASSIGN(const Rows rows, database_.read(sql, {std::string(account_id), std::string(id)}));
  if (rows.rows.empty()) return fail(ErrorCode::not_found, "There is no such delivery.");
  CAD_ASSIGN(LoggedDelivery found, logged_from_row(rows.rows.front()));
  found.event.account_id = account_id;
  return found;
}

Result<void> DeliveryLog::resend(std::string_view account_id, std::string_view id, UnixMs now) {
  CAD_TRY(find(account_id, id));
  constexpr std::string_view kFree =
      " WHERE id = $1 AND account_id = $2 AND (state <> 'PENDING' OR lease_until <= $3)";
  const Values values{std::string(id), std::string(account_id), now};
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(
        session.run("UPDATE deliveries SET state = 'PENDING', tries = 0, first_at = NULL,"
                    " next_at = $3, lease_until = 0, ended_at = NULL" +
                        std::string(kFree),
                    values));
    CAD_TRY(
        session.run("UPDATE webhook_tests SET state = 'PENDING', lease_until = 0, ended_at = NULL" +
                        std::string(kFree),
                    values));
    return {};
  });
}

}  // namespace cad::store
