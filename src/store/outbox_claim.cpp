// SPDX-License-Identifier: Apache-2.0
// Which deliveries are next. However many wait, only a few of each lane are looked at.
#include <algorithm>
#include <map>
#include <tuple>

#include "store/delivery_columns.hpp"
#include "store/lock.hpp"

namespace cad::store {
namespace {

// Lanes with something due and room for it, hopping from one to the next in the index; the one with
// the fewest under way first, of those the one that is due the longest.
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
    " SELECT lane, held FROM heads WHERE held < $2 AND due <= $1 ORDER BY held, due, lane";

// Accounts with deliveries under way, and how many.
constexpr std::string_view kHolders =
    "SELECT account_id, COUNT(*) FROM deliveries WHERE state = 'PENDING' AND lease_until > $1"
    " GROUP BY account_id";

// The first of a lane that may be sent: of one job and target only the earliest that is open, and
// none of an account that has its share.
const std::string kOfLane =
    "SELECT " + std::string(kDeliveryColumns) +
    " FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.state = 'PENDING'"
    " AND d.lane = $1 AND d.lease_until <= $2 AND d.next_at <= $2"
    " AND (d.kind <> 'mail' OR d.next_at <= $3)"
    " AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.job_id = d.job_id"
    "  AND b.target = d.target AND b.sequence < d.sequence AND b.state = 'PENDING')"
    " AND d.account_id NOT IN (SELECT h.account_id FROM deliveries h WHERE h.state = 'PENDING'"
    "  AND h.lease_until > $2 GROUP BY h.account_id HAVING COUNT(*) >= $4)"
    " ORDER BY d.next_at, d.id LIMIT $5";

struct Candidate {
  std::int64_t place = 0;  // in its lane
  Delivery delivery;
  auto order() const { return std::tie(place, delivery.next_at, delivery.id); }
};

// Of as many lanes as are wanted at all: each gives at least one.
Result<std::vector<Candidate>> candidates(Session& session, const ClaimRules& rules) {
  std::vector<Candidate> out;
  std::int64_t with_some = 0;
  CAD_ASSIGN(const Rows lanes, session.run(kLanes, {rules.now, rules.most_of_lane}));
  for (const Row& lane : lanes.rows) {
    if (with_some == rules.most) break;
    std::int64_t place = lane.integer(1);
    const std::int64_t room = std::min(rules.most_of_lane - place, rules.most);
    CAD_ASSIGN(const Rows rows, session.run(kOfLane, {lane.text(0), rules.now, rules.mail_before,
                                                      rules.most_of_account, room}));
    with_some += !rows.rows.empty();
    for (const Row& row : rows.rows) {
      CAD_ASSIGN(Delivery delivery, delivery_from_row(row));
      out.push_back({++place, std::move(delivery)});
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Candidate& a, const Candidate& b) { return a.order() < b.order(); });
  return out;
}

// How many each account has under way; with one delivery wanted, kOfLane has seen to it.
Result<std::map<std::string, std::int64_t>> holders(Session& session, const ClaimRules& rules) {
  std::map<std::string, std::int64_t> held;
  if (rules.most == 1) return held;
  CAD_ASSIGN(const Rows rows, session.run(kHolders, {rules.now}));
  for (const Row& row : rows.rows) held[row.text(0)] = row.integer(1);
  return held;
}

}  // namespace

Result<Delivery> delivery_from_row(const Row& row) {
  Delivery out;
  out.id = row.text(0);
  out.event = {row.text(1),           row.text(2),    row.text(3), row.integer(4),
               EventName::processing, row.integer(6), row.text(17)};
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
  out.lease_until = row.integer(16);
  if (!known) return fail(ErrorCode::integrity, "The database holds an event of no known name.");
  return out;
}

Result<std::vector<Delivery>> OutboxRepository::claim(const ClaimRules& rules) {
  std::vector<Delivery> claimed;
  // Most of the time nothing is due: that is seen without asking for the lock.
  CAD_ASSIGN(const auto due, next_due(rules.now - rules.mail_before));
  if (!due || *due > rules.now) return claimed;
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    claimed.clear();
    // What other nodes lease counts: one after the other.
    CAD_TRY(lock(session, "outbox"));
    CAD_ASSIGN(auto found, candidates(session, rules));
    CAD_ASSIGN(auto held, holders(session, rules));
    for (Candidate& candidate : found) {
      if (static_cast<std::int64_t>(claimed.size()) == rules.most) break;
      Delivery& delivery = candidate.delivery;
      if (held[delivery.event.account_id] >= rules.most_of_account) continue;
      CAD_ASSIGN(const Rows leased,
                 session.run("UPDATE deliveries SET lease_until = $2 WHERE id = $1"
                             " AND state = 'PENDING' AND lease_until <= $3",
                             {delivery.id, rules.lease_until, rules.now}));
      if (leased.changed == 0) continue;
      ++held[delivery.event.account_id];
      delivery.lease_until = rules.lease_until;
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
