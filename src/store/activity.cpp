// SPDX-License-Identifier: Apache-2.0
#include "store/activity.hpp"

#include <array>
#include <cstdio>

#include "crypto/bytes.hpp"
#include "store/texts.hpp"

namespace cad::store {
namespace {

constexpr std::int64_t kDeletedAtOnce = 5000;

// The casts tell PostgreSQL what the parameters of a SELECT are.
constexpr std::string_view kInsert =
    "INSERT INTO activity (id, account_id, key_id, at, source, level, message, job_id, status,"
    " request_id, detail) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT),"
    " CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT),"
    " CAST($9 AS BIGINT), CAST($10 AS TEXT), CAST($11 AS TEXT)"
    " WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $2)";

Values values_of(const Activity& entry) {
  return {entry.id,
          entry.account_id,
          nullable(entry.key_id),
          entry.at,
          std::string(to_string(entry.source)),
          std::string(to_string(entry.level)),
          entry.message,
          nullable(entry.job_id),
          nullable(entry.status),
          nullable(entry.request_id),
          entry.detail};
}

Activity from_row(const Row& row) {
  return {.id = row.text(0),
          .account_id = row.text(1),
          .key_id = row.maybe_text(2),
          .at = row.integer(3),
          .source = parse_source(row.text(4)).value_or(Source::account),
          .level = parse_level(row.text(5)).value_or(Level::info),
          .message = row.text(6),
          .job_id = row.maybe_text(7),
          .status = row.maybe_integer(8),
          .request_id = row.maybe_text(9),
          .detail = row.text(10)};
}

}  // namespace

std::string_view to_string(Source source) {
  switch (source) {
    case Source::request: return "request";
    case Source::job: return "job";
    case Source::webhook: return "webhook";
    case Source::account: return "account";
  }
  return "account";
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return "error";
}

std::optional<Source> parse_source(std::string_view text) {
  for (const Source source : {Source::request, Source::job, Source::webhook, Source::account})
    if (to_string(source) == text) return source;
  return std::nullopt;
}

std::optional<Level> parse_level(std::string_view text) {
  for (const Level level : {Level::info, Level::warn, Level::error})
    if (to_string(level) == text) return level;
  return std::nullopt;
}

std::string activity_floor(UnixMs at) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "log_%012llx", static_cast<unsigned long long>(at));
  return text.data();
}

std::string activity_id(UnixMs at, std::uint32_t count) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04x", count & 0xffffu);
  return activity_floor(at) + text.data() + crypto::random_hex(4);
}

Result<void> ActivityRepository::insert(std::span<const Activity> entries) {
  const auto done = database_.transaction([&](Session& session) -> Result<void> {
    for (const Activity& entry : entries) CAD_TRY(session.run(kInsert, values_of(entry)));
    return {};
  });
  if (done || done.error().code != ErrorCode::conflict) return done;
  // An account went between the look and the insert: the others' entries are not to go with it.
  for (const Activity& entry : entries) {
    const auto alone = database_.write(kInsert, values_of(entry));
    if (!alone && alone.error().code != ErrorCode::conflict) return tl::unexpected(alone.error());
  }
  return {};
}

Result<ActivityPage> ActivityRepository::list(const ActivityFilter& filter) {
  std::string sql =
      "SELECT id, account_id, key_id, at, source, level, message, job_id, status, request_id,"
      " detail FROM activity WHERE account_id = $1";
  Values values{filter.account_id, filter.limit + 1};
  const auto parameter = [&values](std::string value) {
    values.emplace_back(std::move(value));
    return "$" + std::to_string(values.size());
  };
  if (filter.before) sql += " AND id < " + parameter(*filter.before);
  if (filter.source) sql += " AND source = " + parameter(std::string(to_string(*filter.source)));
  if (filter.level) sql += " AND level = " + parameter(std::string(to_string(*filter.level)));
  if (!filter.text.empty()) {
    const std::string like = " LIKE " + parameter(pattern_within(filter.text)) + " ESCAPE '!'";
    sql += " AND (LOWER(message)" + like + " OR LOWER(job_id)" + like + ")";
  }
  sql += " ORDER BY id DESC LIMIT $2";
  CAD_ASSIGN(const Rows rows, database_.read(sql, values));
  ActivityPage page;
  for (const Row& row : rows.rows) {
    page.more = page.entries.size() == static_cast<std::size_t>(filter.limit);
    if (page.more) break;
    page.entries.push_back(from_row(row));
  }
  return page;
}

Result<std::int64_t> ActivityRepository::remove_before(UnixMs time) {
  std::int64_t all = 0;
  while (true) {
    CAD_ASSIGN(const Rows rows,
               database_.write("DELETE FROM activity WHERE id IN"
                               " (SELECT id FROM activity WHERE id < $1 ORDER BY id LIMIT $2)",
                               {activity_floor(time), kDeletedAtOnce}));
    all += rows.changed;
    if (rows.changed < kDeletedAtOnce) return all;
  }
}

Result<std::int64_t> ActivityRepository::trim(std::int64_t most) {
  CAD_ASSIGN(const Rows large, database_.read("SELECT account_id FROM activity GROUP BY account_id"
                                              " HAVING COUNT(*) > $1",
                                              {most}));
  std::int64_t all = 0;
  for (const Row& account : large.rows) {
    CAD_ASSIGN(const Rows last, database_.read("SELECT id FROM activity WHERE account_id = $1"
                                               " ORDER BY id DESC LIMIT 1 OFFSET $2",
                                               {account.text(0), most}));
    if (last.rows.empty()) continue;
    std::int64_t changed = kDeletedAtOnce;
    while (changed == kDeletedAtOnce) {
      CAD_ASSIGN(const Rows rows,
                 database_.write("DELETE FROM activity WHERE id IN (SELECT id FROM activity"
                                 " WHERE account_id = $1 AND id <= $2 ORDER BY id LIMIT $3)",
                                 {account.text(0), last.rows.front().text(0), kDeletedAtOnce}));
      changed = rows.changed;
      all += changed;
    }
  }
  return all;
}

}  // namespace cad::store
