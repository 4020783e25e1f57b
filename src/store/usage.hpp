// SPDX-License-Identifier: Apache-2.0
// What was asked for: how many requests an account has used in a month, and of which key and format
// on which day. Counted in the transaction that accepts the job, by the job's own time.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/calendar.hpp"
#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

// One more, unless the month has `limit` already: false, and nothing is written. Exact, however
// many ask at once.
Result<bool> count_request(Session& session, const Job& job,
                           const std::optional<std::int64_t>& limit);
// The job's request does not count after all: in the month and on the day it was counted in.
Result<void> uncount_request(Session& session, const Job& job);

// What became of the job, noted where its request was counted.
Result<void> count_end(Session& session, const Job& job, JobStatus end);

using ByFormat = std::map<std::string, std::int64_t>;

struct KeyUsage {
  std::string key_id, name, label, prefix;
  ByFormat formats;
};
struct DayUsage {
  Day day = 0;
  ByFormat formats = {};
  std::int64_t completed = 0, failed = 0;  // of that day's requests
};

struct UsageRange {
  std::string account_id;
  Day from = 0, to = 0;  // both included
  std::optional<std::string> key_id = std::nullopt;
};

// A day on which a key was used far more than it ever is.
struct UsageSpike {
  std::string account_id, key_id;
  Day day = 0;
  std::int64_t requests = 0, usual = 0;
};

// A key that was used on a day, and what is needed to judge it.
struct KeyDay {
  std::string account_id, key_id, key_name;
  UnixMs key_created_at = 0;
  std::int64_t requests = 0;
};

class UsageRepository {
 public:
  explicit UsageRepository(Database& database) : database_(database) {}

  Result<std::int64_t> used(std::string_view account_id, Month month);
  Result<std::vector<KeyUsage>> by_key(const UsageRange& range);
  Result<std::vector<DayUsage>> by_day(const UsageRange& range);  // the oldest first; without zeros
  // From upload to result, in ms, of the newest jobs that are still kept; at most `most`, which is
  // also how many jobs are looked at.
  Result<std::vector<std::int64_t>> latencies(const UsageRange& range, std::int64_t most);

  // Keys with at least `least` requests on that day that are not flagged for it yet.
  Result<std::vector<KeyDay>> busy_keys(Day day, std::int64_t least);
  // Requests of a key on each day from `from` to `to`, zeros included.
  Result<std::vector<std::int64_t>> history(std::string_view account_id, std::string_view key_id,
                                            Day from, Day to);
  // False: it was flagged before.
  Result<bool> flag(const UsageSpike& spike, UnixMs now);
  Result<std::vector<UsageSpike>> spikes(const UsageRange& range);  // the newest first

  Result<std::int64_t> remove_before(Day day, Month month);

 private:
  Database& database_;
};

}  // namespace cad::store
