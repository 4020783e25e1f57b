// SPDX-License-Identifier: Apache-2.0
// The outbox: what happened to a job is written in the transaction that makes it happen, with a row
// for everyone who is to be told. Rows stay until the job goes, so that a delivery can be repeated.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

// test: of no job, see store/webhook_tests.hpp
enum class EventName : std::uint8_t { processing, completed, failed, test };
std::string_view to_string(EventName name);                   // "job.processing" ...
Result<EventName> parse_event_name(std::string_view stored);  // INTEGRITY
JobStatus status_of(EventName name);                          // of the job's

struct Event {
  std::string id;  // RFC 4122, the same on every try and for every receiver
  std::string job_id, account_id;
  std::int64_t sequence = 0;  // within the job: 1 processing, 2 its end
  EventName name = EventName::processing;
  UnixMs created_at = 0;
  std::string trace = {};  // of the job
};

enum class DeliveryKind : std::uint8_t { webhook, mail };
enum class DeliveryState : std::uint8_t { pending, delivered, skipped, failed };
std::string_view to_string(DeliveryKind kind);    // "webhook", "mail"
std::string_view to_string(DeliveryState state);  // "PENDING" ...

struct Delivery {
  std::string id;
  Event event;
  DeliveryKind kind = DeliveryKind::webhook;
  std::string target;                      // a URL, an endpoint's id, or a mail address
  std::optional<std::string> endpoint_id;  // none: the job named the target itself
  DeliveryState state = DeliveryState::pending;
  std::int64_t tries = 0;          // since it was last queued: what the pause depends on
  std::int64_t attempts = 0;       // all in all
  std::optional<UnixMs> first_at;  // of these tries
  UnixMs next_at = 0;
  std::optional<UnixMs> ended_at;
  UnixMs lease_until = 0;  // of the claim; who comes after that is another's
};

// One try, as the log keeps it. Nothing of what the receiver wrote is kept but its status.
struct Attempt {
  std::int64_t number = 0;
  UnixMs at = 0;
  std::int64_t duration_ms = 0;
  std::optional<std::int64_t> status;  // of HTTP
  std::optional<std::string> error;    // none: it worked
};

// In the transaction of the job's change. Webhooks go to the job's own URL, or else to the
// account's active default endpoints; mails to the job's address at its end. False: there is
// nobody to tell, and no row.
Result<bool> record_event(Session& session, const Job& job, EventName name, UnixMs now);

struct ClaimRules {
  UnixMs now = 0;
  UnixMs lease_until = 0;
  UnixMs mail_before = 0;            // mails wait a little: somebody may be watching
  std::int64_t most_of_lane = 2;     // under way at the same time to one host
  std::int64_t most_of_account = 6;  // and of one account
};

class OutboxRepository {
 public:
  explicit OutboxRepository(Database& database) : database_(database) {}

  // One that is due, now leased. Of one job and target only the earliest that is open; of hosts and
  // accounts each a share of what all nodes send, so that none keeps the others waiting.
  Result<std::optional<Delivery>> claim(const ClaimRules& rules);
  // When the next one is due (leased ones: when their lease ends); none: nothing is open.
  Result<std::optional<UnixMs>> next_due(std::int64_t mail_grace);
  // The try is logged and the delivery moves to `state` (pending: not before `next_at`). For the
  // holder of the claim only. False: it is gone, or the claim is over: another has it by now, or
  // has ended it, or it is to be sent again.
  Result<bool> finish(const Delivery& delivery, DeliveryState state, UnixMs next_at,
                      const Attempt& attempt);
  // Every lease ends: for the start of the only process on this database.
  Result<std::int64_t> reclaim_all();

  // Newest first.
  Result<std::vector<Delivery>> list(const std::optional<DeliveryState>& state, std::int64_t limit);
  Result<std::vector<Attempt>> attempts(std::string_view delivery_id);
  // To be sent again at once, whatever became of it; how many rows that is.
  Result<std::int64_t> resend(std::string_view event_id, UnixMs now);

 private:
  Database& database_;
};

}  // namespace cad::store
