// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.hpp"

#include "crypto/bytes.hpp"

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

const std::string kColumns =
    "d.id, d.event_id, d.job_id, d.account_id, d.sequence, e.name, e.created_at, d.kind, d.target,"
    " d.endpoint_id, d.state, d.tries, d.attempts, d.first_at, d.next_at, d.ended_at,"
    " (SELECT j.trace FROM jobs j WHERE j.id = d.job_id)";

Result<Delivery> delivery_from_row(const Row& row) {
  Delivery out;
  out.id = row.text(0);
  out.event = {row.text(1),           row.text(2),    row.text(3), row.integer(4),
               EventName::processing, row.integer(6), row.text(16)};
  bool known = false;
  for (const EventName name : {EventName::processing, EventName::completed, EventName::failed}) {
    if (row.text(5) != to_string(name)) continue;
    out.event.name = name;
    known = true;
  }
  out.kind = row.text(7) == "mail" ? DeliveryKind::mail : DeliveryKind::webhook;
  out.target = row.text(8);
  out.endpoint_id = row.maybe_text(9);
  for (const DeliveryState state : {DeliveryState::pending, DeliveryState::delivered,
                                    DeliveryState::skipped, DeliveryState::failed})
    if (row.text(10) == to_string(state)) out.state = state;
  out.tries = row.integer(11);
  out.attempts = row.integer(12);
  out.first_at = row.maybe_integer(13);
  out.next_at = row.integer(14);
  out.ended_at = row.maybe_integer(15);
  if (!known) return fail(ErrorCode::integrity, "The database holds an event of no known name.");
  return out;
}

// Leased ones come first in their lane and account, so that they count and are not chosen again.
// The account's share is cut from what the lanes leave: a silent host must not use it up.
constexpr std::string_view kChoose =
    " SELECT id FROM ("
    "  SELECT id, lease_until, next_at, lane_place, ROW_NUMBER() OVER (PARTITION BY account_id"
    "   ORDER BY CASE WHEN lease_until > $1 THEN 0 ELSE 1 END, lane_place, next_at, id)"
    "   AS account_place FROM ("
    "   SELECT d.id AS id, d.lease_until AS lease_until, d.next_at AS next_at,"
    "    d.account_id AS account_id, ROW_NUMBER() OVER (PARTITION BY d.lane"
    "    ORDER BY CASE WHEN d.lease_until > $1 THEN 0 ELSE 1 END, d.next_at, d.id) AS lane_place"
    "   FROM deliveries d WHERE d.state = 'PENDING'"
    "    AND d.next_at <= CASE WHEN d.kind = 'mail' THEN $2 ELSE $1 END"
    "    AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.job_id = d.job_id"
    "     AND b.target = d.target AND b.sequence < d.sequence AND b.state = 'PENDING')"
    "   ) AS waiting WHERE lane_place <= $4"
    " ) AS chosen WHERE account_place <= $5 AND lease_until <= $1"
    " ORDER BY lane_place, next_at, id LIMIT $6";

// Chosen by two nodes at the same time, a delivery is one node's: the other passes over a row that
// is being leased, and finds one that has been leased meanwhile no longer free.
std::string claim_for(const Database& database) {
  return "UPDATE deliveries SET lease_until = $3 WHERE id IN (SELECT id FROM deliveries WHERE id "
         "IN (" +
         str(kChoose) + ") AND state = 'PENDING' AND lease_until <= $1" +
         str(for_update_of_free(database)) + ") RETURNING id";
}

}  // namespace

std::string_view to_string(EventName name) {
  switch (name) {
    case EventName::processing: return "job.processing";
    case EventName::completed: return "job.completed";
    case EventName::failed: return "job.failed";
  }
  return "job.failed";
}

JobStatus status_of(EventName name) {
  switch (name) {
    case EventName::processing: return JobStatus::processing;
    case EventName::completed: return JobStatus::completed;
    case EventName::failed: return JobStatus::failed;
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

Result<void> record_event(Session& session, const Job& job, EventName name, UnixMs now) {
  CAD_ASSIGN(const auto told, receivers(session, job, name));
  if (told.empty()) return {};
  const std::string event_id = crypto::random_uuid();
  const std::int64_t sequence = name == EventName::processing ? 1 : 2;
  CAD_TRY(
      session.run("INSERT INTO events (id, job_id, account_id, sequence, name, created_at)"
                  " VALUES ($1,$2,$3,$4,$5,$6)",
                  {event_id, job.id, job.account_id, sequence, str(to_string(name)), now}));
  for (const Receiver& receiver : told)
    CAD_TRY(session.run(
        "INSERT INTO deliveries (id, event_id, job_id, account_id, sequence, kind, target,"
        " endpoint_id, lane, state, tries, attempts, next_at, lease_until)"
        " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,'PENDING',0,0,$10,0)",
        {"del_" + crypto::random_hex(12), event_id, job.id, job.account_id, sequence,
         str(to_string(receiver.kind)), receiver.target, nullable(receiver.endpoint_id),
         receiver.lane, now}));
  return {};
}

Result<std::vector<Delivery>> OutboxRepository::claim(const ClaimRules& rules) {
  static const std::string select = "SELECT " + kColumns +
                                    " FROM deliveries d JOIN events e ON e.id = d.event_id"
                                    " WHERE d.id = $1";
  std::vector<Delivery> claimed;
  // Most of the time nothing is due: that is seen without asking for the write lock.
  CAD_ASSIGN(const auto due, next_due(rules.now - rules.mail_before));
  if (!due || *due > rules.now) return claimed;
  const std::string sql = claim_for(database_);
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    claimed.clear();
    CAD_ASSIGN(const Rows chosen,
               session.run(sql, {rules.now, rules.mail_before, rules.lease_until,
                                 rules.most_of_lane, rules.most_of_account, rules.most}));
    for (const Row& row : chosen.rows) {
      CAD_ASSIGN(const Rows found, session.run(select, {row.text(0)}));
      if (found.rows.empty()) continue;
      CAD_ASSIGN(Delivery delivery, delivery_from_row(found.rows.front()));
      claimed.push_back(std::move(delivery));
    }
    return {};
  });
  CAD_TRY(done);
  return claimed;
}

Result<std::optional<UnixMs>> OutboxRepository::next_due(std::int64_t mail_grace) {
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT MIN(CASE WHEN lease_until > next_at THEN lease_until"
                            " WHEN kind = 'mail' THEN next_at + $1 ELSE next_at END)"
                            " FROM deliveries WHERE state = 'PENDING'",
                            {mail_grace}));
  return rows.rows.at(0).maybe_integer(0);
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
                           " WHERE id = $1 AND state = 'PENDING' RETURNING attempts",
                           {delivery.id, str(to_string(state)), attempt.at, next_at,
                            open ? Value() : Value(attempt.at + attempt.duration_ms)}));
    mine = !updated.rows.empty();
    if (!mine) return {};
    CAD_TRY(
        session.run("INSERT INTO attempts (delivery_id, number, at, duration_ms, status, error)"
                    " VALUES ($1,$2,$3,$4,$5,$6)",
                    {delivery.id, updated.rows.front().integer(0), attempt.at, attempt.duration_ms,
                     nullable(attempt.status), nullable(attempt.error)}));
    return {};
  });
  CAD_TRY(done);
  return mine;
}

Result<void> OutboxRepository::release(std::string_view delivery_id) {
  CAD_TRY(
      database_.write("UPDATE deliveries SET lease_until = 0 WHERE id = $1"
                      " AND state = 'PENDING'",
                      {str(delivery_id)}));
  return {};
}

Result<std::int64_t> OutboxRepository::reclaim_all() {
  CAD_ASSIGN(const Rows rows, database_.write("UPDATE deliveries SET lease_until = 0"
                                              " WHERE state = 'PENDING' AND lease_until > 0",
                                              {}));
  return rows.changed;
}

Result<std::vector<Delivery>> OutboxRepository::list(const std::optional<DeliveryState>& state,
                                                     std::int64_t limit) {
  std::string sql = "SELECT " + kColumns + " FROM deliveries d JOIN events e ON e.id = d.event_id";
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
