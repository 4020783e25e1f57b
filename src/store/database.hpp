// SPDX-License-Identifier: Apache-2.0
// The thin port between the repositories and a database. Repositories are written once, in SQL that
// SQLite and PostgreSQL both run: parameters are $1, $2 ..., ids are text, times are 64-bit
// milliseconds since 1970, no function of one vendor. A new database is one class here.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace cad::store {

using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Values = std::vector<Value>;

inline Value nullable(const std::optional<std::string>& text) {
  return text ? Value(*text) : Value();
}
inline Value nullable(const std::optional<std::int64_t>& number) {
  return number ? Value(*number) : Value();
}

class Row {
 public:
  explicit Row(Values values) : values_(std::move(values)) {}
  // A null, and a column of the other type, read as 0 and "".
  std::int64_t integer(std::size_t column) const;
  std::string text(std::size_t column) const;
  std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  std::optional<std::string> maybe_text(std::size_t column) const;

 private:
  Values values_;
};

struct Rows {
  std::vector<Row> rows;     // of SELECT and of RETURNING
  std::int64_t changed = 0;  // by INSERT, UPDATE, DELETE
};

// One connection for the length of a transaction. CONFLICT: a unique or foreign key was violated;
// UNAVAILABLE: the database is away, busy or full; INVALID_ARGUMENT: a text that is not UTF-8 or
// has a NUL; INTERNAL: a defect of ours (bad SQL).
class Session {
 public:
  virtual ~Session() = default;
  virtual Result<Rows> run(std::string_view sql, const Values& values) = 0;
};

enum class Dialect : std::uint8_t { sqlite, postgres };

class Database {
 public:
  virtual ~Database() = default;
  virtual Dialect dialect() const = 0;
  // One statement on its own, committed when it returns. read() may run beside a write().
  virtual Result<Rows> read(std::string_view sql, const Values& values) = 0;
  virtual Result<Rows> write(std::string_view sql, const Values& values) = 0;
  // All or nothing: rolled back when `body` fails. It may be run more than once: whatever it
  // changes outside of the session it must set afresh.
  virtual Result<void> transaction(const std::function<Result<void>(Session&)>& body) = 0;
  // The same for what a start undoes anyway: it may be lost in a power cut until the next
  // transaction of the other kind is committed.
  virtual Result<void> transaction_for_now(const std::function<Result<void>(Session&)>& body) = 0;
  // A transaction, run once and whatever time it takes; of those on one database, by any process,
  // one after the other.
  virtual Result<void> exclusively(const std::function<Result<void>(Session&)>& body) = 0;
  // For reading only: everything is seen as it was at one moment, whatever time it takes.
  virtual Result<void> snapshot(const std::function<Result<void>(Session&)>& body) = 0;
};

// After a SELECT of a transaction: whoever else changes, or selects this way, the rows that it
// finds waits for us, and what we then see is the latest. SQLite's transactions are one after the
// other anyway.
inline std::string_view for_update(const Database& database) {
  return database.dialect() == Dialect::postgres ? " FOR NO KEY UPDATE" : "";
}
// Rows that somebody else is busy with are left out.
inline std::string_view for_update_of_free(const Database& database) {
  return database.dialect() == Dialect::postgres ? " FOR NO KEY UPDATE SKIP LOCKED" : "";
}

// Write-ahead log, foreign keys on, every commit on disk before it returns. Creates the file
// (0600).
Result<std::unique_ptr<Database>> open_sqlite(const std::string& path);

// A PostgreSQL URL (with the options' defaults, store/postgres.hpp), or the path of a SQLite file.
Result<std::unique_ptr<Database>> open_database(const std::string& place);

// A consistent copy of the database file as a new file `into` (0600), while others read and write.
Result<void> snapshot_sqlite(const std::string& path, const std::string& into);

// Brings the tables to this build's version, forward only; CONFLICT when the database is newer.
Result<void> migrate(Database& database, std::int64_t now);

}  // namespace cad::store
