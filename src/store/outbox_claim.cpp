// SPDX-License-Identifier: Apache-2.0
// Which deliveries are next. However many wait, only a few of each lane are looked at.
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

// The first of a lane that may be sent, while the lane has room: of one job and target only the
// earliest that is open, and none of an account that has its share.
const std::string kOfLane =
    "SELECT " + std::string(kDeliveryColumns) +
    " FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.state = 'PENDING'"
    " AND d.lane = $1 AND d.lease_until <= $2 AND d.next_at <= $2"
    " AND (d.kind <> 'mail' OR d.next_at <= $3)"
    " AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.job_id = d.job_id"
    "  AND b.target = d.target AND b.sequence < d.sequence AND b.state = 'PENDING')"
    " AND d.account_id NOT IN (SELECT h.account_id FROM deliveries h WHERE h.state = 'PENDING'"
    "  AND h.lease_until > $2 GROUP BY h.account_id HAVING COUNT(*) >= $4)"
    " AND (SELECT COUNT(*) FROM deliveries l WHERE l.state = 'PENDING' AND l.lane = $1"
    "  AND l.lease_until > $2) < $5"
    " ORDER BY d.next_at, d.id LIMIT 1";

// Its account's share has been counted in other lanes meanwhile.
constexpr std::string_view kLease =
    "UPDATE deliveries SET lease_until = $2 WHERE id = $1 AND state = 'PENDING'"
    " AND lease_until <= $3 AND (SELECT COUNT(*) FROM deliveries h WHERE h.state = 'PENDING'"
    "  AND h.account_id = $4 AND h.lease_until > $3) < $5";

// A lane that another is taking from is passed over at first: there may be others. Whose choice was
// taken meanwhile looks again.
constexpr int kRounds = 4;

Values values_of_lane(const std::string& lane, const ClaimRules& rules) {
  return {lane, rules.now, rules.mail_before, rules.most_of_account, rules.most_of_lane};
}

enum class Try : std::uint8_t { nothing, busy, leased };

Result<Try> take_from(Session& session, Dialect dialect, const std::string& lane, bool wait,
                      const ClaimRules& rules, std::optional<Delivery>& claimed) {
  bool locked = true;
  if (wait) {
    CAD_TRY(lock(session, dialect, LockOf::lane, lane));
  } else {
    CAD_ASSIGN(locked, try_lock(session, dialect, LockOf::lane, lane));
  }
  if (!locked) return Try::busy;
  CAD_ASSIGN(const Rows rows, session.run(kOfLane, values_of_lane(lane, rules)));
  if (rows.rows.empty()) return Try::nothing;
  CAD_ASSIGN(Delivery delivery, delivery_from_row(rows.rows.front()));
  CAD_TRY(lock(session, dialect, LockOf::account_share, delivery.event.account_id));
  CAD_ASSIGN(const Rows leased,
             session.run(kLease, {delivery.id, rules.lease_until, rules.now,
                                  delivery.event.account_id, rules.most_of_account}));
  if (leased.changed == 0) return Try::busy;
  delivery.lease_until = rules.lease_until;
  claimed = std::move(delivery);
  return Try::leased;
}

}  // namespace

Result<Delivery> delivery_from_row(const Row& row) {
  Delivery out;
  out.id = row.text(0);
  out.event = {row.text(1),           row.text(2),    row.text(3), row.integer(4),
               EventName::processing, row.integer(6), row.text(17)};
  CAD_ASSIGN(out.event.name, parse_event_name(row.text(5)));
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
  return out;
}

Result<std::optional<Delivery>> OutboxRepository::claim(const ClaimRules& rules) {
  std::optional<Delivery> claimed;
  // Most of the time nothing is due.
  CAD_ASSIGN(const auto due, next_due(rules.now - rules.mail_before));
  if (!due || *due > rules.now) return claimed;
  CAD_ASSIGN(const Rows found, database_.read(kLanes, {rules.now, rules.most_of_lane}));
  std::vector<std::string> lanes;
  for (const Row& row : found.rows) lanes.push_back(row.text(0));
  for (int round = 0; round < kRounds && !lanes.empty(); ++round) {
    std::vector<std::string> busy;
    for (const std::string& lane : lanes) {
      // A lane whose due ones all wait for something costs no transaction.
      CAD_ASSIGN(const Rows some, database_.read(kOfLane, values_of_lane(lane, rules)));
      if (some.rows.empty()) continue;
      Try outcome = Try::nothing;
      CAD_TRY(database_.transaction([&](Session& session) -> Result<void> {
        claimed.reset();
        CAD_ASSIGN(outcome,
                   take_from(session, database_.dialect(), lane, round > 0, rules, claimed));
        return {};
      }));
      if (outcome == Try::leased) return claimed;
      if (outcome == Try::busy) busy.push_back(lane);
    }
    lanes = std::move(busy);
  }
  return std::optional<Delivery>();
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
