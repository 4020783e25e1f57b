// SPDX-License-Identifier: Apache-2.0
// What happened in an account, for its people to read. Never a file name, a secret, a query string,
// or anything that a drawing says: an entry outlives its job.
#pragma once

#include <span>

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

enum class Source : std::uint8_t { request, job, webhook, account };
enum class Level : std::uint8_t { info, warn, error };
std::string_view to_string(Source source);  // "request" ...
std::string_view to_string(Level level);    // "info" ...
std::optional<Source> parse_source(std::string_view text);
std::optional<Level> parse_level(std::string_view text);

struct Activity {
  std::string id = {};  // see activity_id()
  std::string account_id;
  std::optional<std::string> key_id = {};
  UnixMs at = 0;
  Source source = Source::request;
  Level level = Level::info;
  std::string message;
  std::optional<std::string> job_id = {};
  std::optional<std::int64_t> status = {};  // of HTTP
  std::optional<std::string> request_id = {};
  std::string detail = "{}";  // small JSON
};

// "log_", the time and more in hex: ids are in the order of time.
std::string activity_id(UnixMs at, std::uint32_t count);
// All ids of earlier times are less, all others are not.
std::string activity_floor(UnixMs at);

struct ActivityFilter {
  std::string account_id;
  std::optional<Source> source = {};
  std::optional<Level> level = {};
  std::string text = {};                   // in message or job id, whatever the case; empty: all
  std::optional<std::string> before = {};  // an id, or a floor
  std::int64_t limit = 50;
};
struct ActivityPage {
  std::vector<Activity> entries;  // newest first
  bool more = false;
};

class ActivityRepository {
 public:
  explicit ActivityRepository(Database& database) : database_(database) {}

  // In one transaction; without those whose account is gone.
  Result<void> insert(std::span<const Activity> entries);
  Result<ActivityPage> list(const ActivityFilter& filter);
  Result<std::int64_t> remove_before(UnixMs time);
  // Of each account only the newest `most` stay.
  Result<std::int64_t> trim(std::int64_t most);

 private:
  Database& database_;
};

}  // namespace cad::store
