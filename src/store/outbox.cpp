// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.hpp"

#include "crypto/bytes.hpp"
#include "store/delivery_columns.hpp"

namespace cad::store {
namespace {

std::string str(std::string_view text) { return std::string(text); }

struct Receiver {
  DeliveryKind kind;
  std::string target;
  std::optional<std::string> endpoint_id;
  std::string lane;
};

// Everything of one host shares a lane; the URL's exact reading is the sender's business.
std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos) url.remove_prefix(scheme + 3);
  std::string host(url.substr(0, url.find_first_of("/?#\\")));
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return host;
}

Result<std::vector<Receiver>> receivers(Session& session, const Job& job, EventName name) {
  std::vector<Receiver> out;
  if (job.webhook_url) {
    out.push_back(
        {DeliveryKind::webhook, *job.webhook_url, std::nullopt, host_of(*job.webhook_url)});
  } else {
    CAD_ASSIGN(const Rows rows,
               session.run("SELECT id, url FROM webhook_endpoints"
                           " WHERE account_id = $1 AND is_active = 1 AND is_default = 1",
                           {job.account_id}));
    for (const Row& row : rows.rows)
      out.push_back({DeliveryKind::webhook, row.text(0), row.text(0), host_of(row.text(1))});
  }
  if (job.notify_email && name != EventName::processing)
    out.push_back({DeliveryKind::mail, *job.notify_email, std::nullopt, "mail"});
  return out;
}

}  // namespace

std::string_view to_string(EventName name) {
  switch (name) {
    case EventName::processing: return "job.processing";
    case EventName::completed: return "job.completed";
    case EventName::failed: return "job.failed";
    case EventName::test: return "webhook.test";
  }
  return "job.failed";
}

Result<EventName> parse_event_name(std::string_view stored) {
  for (const EventName name :
       {EventName::processing, EventName::completed, EventName::failed, EventName::test})
    if (stored == to_string(name)) return name;
  return fail(ErrorCode::integrity, "The database holds an event of no known name.");
}

JobStatus status_of(EventName name) {
  switch (name) {
    case EventName::processing: return JobStatus::processing;
    case EventName::completed: return JobStatus::completed;
    case EventName::failed:
    case EventName::test: break;
  }
  return JobStatus::failed;
}

std::string_view to_string(DeliveryKind kind) {
  return kind == DeliveryKind::mail ? "mail" : "webhook";
}

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending: return "PENDING";
    case DeliveryState::delivered: return "DELIVERED";
    case DeliveryState::skipped: return "SKIPPED";
    case DeliveryState::failed: return "FAILED";
  }
  return "FAILED";
}

Result<bool> record_event(Session& session, const Job& job, EventName name, UnixMs now) {
  CAD_ASSIGN(const auto told, receivers(session, job, name));
  if (told.empty()) return false;
  const std::string event_id = crypto::random_uuid();
  const std::int64_t sequence = name == EventName::processing ? 1 : 2;
  CAD_TRY(
      session.run("INSERT INTO events (id, job_id, account_id, sequence, name, created_at)"
                  " VALUES ($1,$2,$3,$4,$5,$6)",
                  {event_id, job.id, job.account_id, sequence, str(to_string(name)), now}));
  for (const Receiver& receiver : told)
    CAD_TRY(session.run(
        "INSERT INTO deliveries (id, event_id, job_id, account_id, sequence, kind, target,"
        " endpoint_id, lane, state, tries, attempts, next_at, lease_until, created_at)"
        // Not before the one that it must come after.
        " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,'PENDING',0,0,COALESCE((SELECT MAX(b.next_at)"
        " FROM deliveries b WHERE b.job_id = $3 AND b.target = $7 AND b.state = 'PENDING'"
        " AND b.next_at > $10), $10),0,$10)",
        {"del_" + crypto::random_hex(12), event_id, job.id, job.account_id, sequence,
         str(to_string(receiver.kind)), receiver.target, nullable(receiver.endpoint_id),
         receiver.lane, now}));
  return true;
}

Result<bool> OutboxRepository::finish(const Delivery& delivery, DeliveryState state, UnixMs next_at,
                                      const Attempt& attempt) {
  bool mine = false;
  const bool open = state == DeliveryState::pending;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    CAD_ASSIGN(const Rows updated,
               session.run("UPDATE deliveries SET state = $2, tries = tries + 1,"
                           " attempts = attempts + 1, first_at = COALESCE(first_at, $3),"
                           " next_at = $4, lease_until = 0, ended_at = $5"
                           " WHERE id = $1 AND state = 'PENDING' AND lease_until = $6"
                           " RETURNING attempts",
                           {delivery.id, str(to_string(state)), attempt.at, next_at,
                            open ? Value() : Value(attempt.at + attempt.duration_ms),
                            delivery.lease_until}));
    mine = !updated.rows.empty();
    if (!mine) return {};
    CAD_TRY(
        session.run("INSERT INTO attempts (delivery_id, number, at, duration_ms, status, error)"
                    " VALUES ($1,$2,$3,$4,$5,$6)",
                    {delivery.id, updated.rows.front().integer(0), attempt.at, attempt.duration_ms,
                     nullable(attempt.status), nullable(attempt.error)}));
    // Those that wait for this one wait as long, and not longer.
    const UnixMs ended = attempt.at + attempt.duration_ms;
    CAD_TRY(session.run(
        "UPDATE deliveries SET next_at = $4 WHERE job_id = $1 AND target = $2 AND sequence > $3"
        " AND state = 'PENDING' AND " +
            str(open ? "next_at < $4" : "next_at > $4"),
        {delivery.event.job_id, delivery.target, delivery.event.sequence, open ? next_at : ended}));
    return {};
  });
  CAD_TRY(done);
  return mine;
}

Result<std::int64_t> OutboxRepository::reclaim_all() {
  std::int64_t all = 0;
  for (const char* table : {"deliveries", "webhook_tests"}) {
    CAD_ASSIGN(const Rows rows, database_.write("UPDATE " + str(table) +
                                                    " SET lease_until = 0 WHERE state = 'PENDING'"
                                                    " AND lease_until > 0",
                                                {}));
    all += rows.changed;
  }
  return all;
}

Result<std::vector<Delivery>> OutboxRepository::list(const std::optional<DeliveryState>& state,
                                                     std::int64_t limit) {
  std::string sql =
      "SELECT " + str(kDeliveryColumns) + " FROM deliveries d JOIN events e ON e.id = d.event_id";
  Values values{limit};
  if (state) {
    sql += " WHERE d.state = $2";
    values.emplace_back(str(to_string(*state)));
  }
  sql += " ORDER BY e.created_at DESC, d.job_id, d.sequence DESC, d.id LIMIT $1";
  CAD_ASSIGN(const Rows rows, database_.read(sql, values));
  std::vector<Delivery> out;
  for (const Row& row : rows.rows) {
    CAD_ASSIGN(Delivery delivery, delivery_from_row(row));
    out.push_back(std::move(delivery));
  }
  return out;
}

Result<std::vector<Attempt>> OutboxRepository::attempts(std::string_view delivery_id) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT number, at, duration_ms, status, error FROM attempts"
                            " WHERE delivery_id = $1 ORDER BY number",
                            {str(delivery_id)}));
  std::vector<Attempt> out;
  for (const Row& row : rows.rows)
    out.push_back(
        {row.integer(0), row.integer(1), row.integer(2), row.maybe_integer(3), row.maybe_text(4)});
  return out;
}

Result<std::int64_t> OutboxRepository::resend(std::string_view event_id, UnixMs now) {
  CAD_ASSIGN(const Rows rows,
             database_.write("UPDATE deliveries SET state = 'PENDING', tries = 0, first_at = NULL,"
                             " next_at = $2, lease_until = 0, ended_at = NULL"
                             " WHERE event_id = $1",
                             {str(event_id), now}));
  return rows.changed;
}

}  // namespace cad::store
