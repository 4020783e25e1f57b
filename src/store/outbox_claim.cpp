// SPDX-License-Identifier: Apache-2.0
// Which deliveries are next. However many wait, only a few of each lane are looked at.
#include <algorithm>
#include <map>
#include <tuple>

#include "store/delivery_columns.hpp"

namespace cad::store {
namespace {

// Lanes with something due and room for it, hopping from one to the next in the index; the one that
// is due the longest first.
constexpr std::string_view kLanes =
    "WITH RECURSIVE lanes(lane) AS ("
    " SELECT MIN(lane) FROM deliveries WHERE state = 'PENDING'"
    " UNION ALL SELECT (SELECT MIN(n.lane) FROM deliveries n WHERE n.state = 'PENDING'"
    " AND n.lane > l.lane) FROM lanes l WHERE l.lane IS NOT NULL),"
    " heads AS (SELECT l.lane AS lane,"
    " (SELECT COUNT(*) FROM deliveries h WHERE h.state = 'PENDING' AND h.lane = l.lane"
    " AND h.lease_until > $1) AS held,"
    " (SELECT d.next_at FROM deliveries d WHERE d.state = 'PENDING' AND d.lane = l.lane"
    " AND d.lease_until <= $1 ORDER BY d.next_at, d.id LIMIT 1) AS due"
    " FROM lanes l WHERE l.lane IS NOT NULL)"
    " SELECT lane, held FROM heads WHERE held < $2 AND due <= $1 ORDER BY due, lane";

// Accounts with deliveries under way, and how many.
constexpr std::string_view kHolders =
    "SELECT account_id, COUNT(*) FROM deliveries WHERE state = 'PENDING' AND lease_until > $1"
    " GROUP BY account_id";

// The first of a lane that may be sent: of one job and target only the earliest that is open, and
// none of an account that has its share.
constexpr std::string_view kOfLane =
    "SELECT c.id, c.account_id, c.next_at FROM deliveries c WHERE c.state = 'PENDING'"
    " AND c.lane = $1 AND c.lease_until <= $2 AND c.next_at <= $2"
    " AND (c.kind <> 'mail' OR c.next_at <= $3)"
    " AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.job_id = c.job_id"
    "  AND b.target = c.target AND b.sequence < c.sequence AND b.state = 'PENDING')"
    " AND c.account_id NOT IN (SELECT h.account_id FROM deliveries h WHERE h.state = 'PENDING'"
    "  AND h.lease_until > $2 GROUP BY h.account_id HAVING COUNT(*) >= $4)"
    " ORDER BY c.next_at, c.id LIMIT $5";

struct Candidate {
  std::int64_t place = 0;  // in its lane
  UnixMs next_at = 0;
  std::string id, account_id;
  auto order() const { return std::tie(place, next_at, id); }
};

Result<std::vector<Candidate>> candidates(Session& session, const ClaimRules& rules,
                                          std::string_view locking) {
  const auto enough = static_cast<std::size_t>(4 * rules.most);
  const std::string of_lane = std::string(kOfLane) + std::string(locking);
  std::vector<Candidate> out;
  CAD_ASSIGN(const Rows lanes, session.run(kLanes, {rules.now, rules.most_of_lane}));
  for (const Row& lane : lanes.rows) {
    if (out.size() >= enough) break;
    std::int64_t place = lane.integer(1);
    CAD_ASSIGN(const Rows rows,
               session.run(of_lane, {lane.text(0), rules.now, rules.mail_before,
                                     rules.most_of_account, rules.most_of_lane - place}));
    for (const Row& row : rows.rows)
      out.push_back({++place, row.integer(2), row.text(0), row.text(1)});
  }
  std::sort(out.begin(), out.end(),
            [](const Candidate& a, const Candidate& b) { return a.order() < b.order(); });
  return out;
}

}  // namespace

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

Result<std::vector<Delivery>> OutboxRepository::claim(const ClaimRules& rules) {
  static const std::string select = "SELECT " + std::string(kDeliveryColumns) +
                                    " FROM deliveries d JOIN events e ON e.id = d.event_id"
                                    " WHERE d.id = $1";
  std::vector<Delivery> claimed;
  // Most of the time nothing is due: that is seen without asking for the write lock.
  CAD_ASSIGN(const auto due, next_due(rules.now - rules.mail_before));
  if (!due || *due > rules.now) return claimed;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    claimed.clear();
    CAD_ASSIGN(const Rows holders, session.run(kHolders, {rules.now}));
    std::map<std::string, std::int64_t> held;
    for (const Row& row : holders.rows) held[row.text(0)] = row.integer(1);
    // Another node passes over the rows that this one is about to lease.
    CAD_ASSIGN(const auto found, candidates(session, rules, for_update_of_free(database_)));
    for (const Candidate& candidate : found) {
      if (static_cast<std::int64_t>(claimed.size()) == rules.most) break;
      if (held[candidate.account_id] >= rules.most_of_account) continue;
      CAD_ASSIGN(const Rows leased,
                 session.run("UPDATE deliveries SET lease_until = $2 WHERE id = $1"
                             " AND state = 'PENDING' AND lease_until <= $3",
                             {candidate.id, rules.lease_until, rules.now}));
      if (leased.changed == 0) continue;
      ++held[candidate.account_id];
      CAD_ASSIGN(const Rows rows, session.run(select, {candidate.id}));
      if (rows.rows.empty()) continue;
      CAD_ASSIGN(Delivery delivery, delivery_from_row(rows.rows.front()));
      claimed.push_back(std::move(delivery));
    }
    return {};
  });
  CAD_TRY(done);
  return claimed;
}

Result<std::optional<UnixMs>> OutboxRepository::next_due(std::int64_t mail_grace) {
  // The first of each by its own index. A lease ends after the time that it was due.
  CAD_ASSIGN(const Rows rows,
             database_.read("SELECT (SELECT MIN(next_at) FROM deliveries WHERE state = 'PENDING'"
                            " AND lease_until = 0 AND kind = 'webhook'),"
                            " (SELECT MIN(next_at) FROM deliveries WHERE state = 'PENDING'"
                            " AND lease_until = 0 AND kind = 'mail'),"
                            " (SELECT MIN(lease_until) FROM deliveries WHERE state = 'PENDING'"
                            " AND lease_until > 0)",
                            {}));
  const Row& row = rows.rows.at(0);
  std::optional<UnixMs> first;
  const auto consider = [&first](std::optional<UnixMs> time) {
    if (time && (!first || *time < *first)) first = time;
  };
  consider(row.maybe_integer(0));
  if (const auto mail = row.maybe_integer(1)) consider(*mail + mail_grace);
  consider(row.maybe_integer(2));
  return first;
}

}  // namespace cad::store
